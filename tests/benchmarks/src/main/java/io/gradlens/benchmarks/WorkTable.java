package io.gradlens.benchmarks;

import io.gradlens.benchmarks.WorkCurve.Point;
import java.util.List;
import java.util.Locale;

/** Curves as Markdown, one table for each problem. */
final class WorkTable {
  private static final String[] UNITS = {"µs", "ms", "s"};

  private final StringBuilder text = new StringBuilder();

  WorkTable() {
    text.append("# Work and precision\n\n")
        .append(
            "Relative error and CPU time of one thread, for one trajectory. A dash: the solve\n")
        .append("grew without bound, or took more than 100,000 steps.\n\n")
        .append(
            "Java %s (%s), %s %s.\n"
                .formatted(
                    Runtime.version(),
                    System.getProperty("java.vm.name"),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch")));
  }

  /**
   * Adds a table.
   *
   * @param curves with the same settings
   */
  void add(String title, List<WorkCurve> curves) {
    text.append("\n## ").append(title).append("\n\n");
    text.append("| solver |");
    curves.get(0).points().forEach(point -> text.append(" %s |".formatted(point.setting())));
    text.append("\n|---|").append("---|".repeat(curves.get(0).points().size())).append('\n');
    for (WorkCurve curve : curves) {
      text.append("| %s |".formatted((curve.solver() + " " + curve.variant()).strip()));
      curve.points().forEach(point -> text.append(" %s |".formatted(cell(point))));
      text.append('\n');
    }
  }

  /** Says how exact the reference of the last table is. */
  void addDoubt(String method, double doubt) {
    text.append(
        "\nThe reference is good to about %s, by which %s at rtol 1e-13 differs from it.\n"
            .formatted(error(doubt), method));
  }

  private static String cell(Point point) {
    return Double.isFinite(point.error())
        ? error(point.error()) + " · " + time(point.seconds())
        : "–";
  }

  private static String error(double value) {
    return String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-").replace("e+0", "e");
  }

  private static String time(double seconds) {
    double value = seconds * 1e6;
    int unit = 0;
    for (; value >= 999.5 && unit < UNITS.length - 1; unit++) {
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.3g %s", value, UNITS[unit]);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
