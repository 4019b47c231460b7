package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/**
 * The rows of a structure of arrays, {@code [rows][lanes]}, as arrays of their own: HotSpot 17
 * vectorises loops over these and not over rows of one array, and that is worth more than copying
 * them.
 */
@Real
final class LaneRows {
  private final @Real double[][] rows;

  LaneRows(int count) {
    rows = new @Real double[count][0];
  }

  /** The rows, at least this long; what they hold is not defined. */
  @Real
  double[][] ofLength(int lanes) {
    if (rows.length > 0 && rows[0].length < lanes) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new @Real double[lanes];
      }
    }
    return rows;
  }

  /** The rows of an array. */
  @Real
  double[][] load(@Real double[] from, int lanes) {
    ofLength(lanes);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from, i * lanes, rows[i], 0, lanes);
    }
    return rows;
  }

  /** Puts the rows into an array. */
  void store(@Real double[] to, int lanes) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, to, i * lanes, lanes);
    }
  }
}
