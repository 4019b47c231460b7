package io.gradlens.samples;

/** A table {@code trajectory_id,t,y1,y2} as text. */
final class TrajectoryCsv {
  private final StringBuilder lines = new StringBuilder("trajectory_id,t,y1,y2\n");

  /**
   * Adds a trajectory.
   *
   * @param t times, {@code [point]}
   * @param y states, {@code [point][2]}
   * @param digits after the point of a state
   */
  void add(String id, double[] t, double[] y, int digits) {
    for (int i = 0; i < t.length; i++) {
      lines.append(id).append(',').append(round(t[i], 8));
      lines.append(',').append(round(y[2 * i], digits));
      lines.append(',').append(round(y[2 * i + 1], digits)).append('\n');
    }
  }

  String text() {
    return lines.toString();
  }

  /** So few digits that no processor's last bit shows. */
  static double round(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.rint(value * scale) / scale;
  }
}
