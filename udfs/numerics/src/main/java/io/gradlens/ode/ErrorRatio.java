package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;
import java.util.List;

/**
 * Norms of a batch: for every lane (or for all lanes together) the largest of the groups' mean
 * squares of x / (atol + rtol·max(|y|, |y₁|)). Sums are in double precision.
 */
@Real
final class ErrorRatio {
  private final ErrorGroup[] groups;
  private final boolean isShared;
  private final int count;
  private final @Real double[] rtol;
  private final @Real double[] atol;
  private final @Real double[] scaled;
  private final @Real double[] scaled2;
  private final @Real double[] row;
  private final double[] first;
  private final double[] second;

  ErrorRatio(List<ErrorGroup> groups, boolean isShared, int dim, int count) {
    // An array: a list is gone through with an iterator, one a step.
    this.groups = groups.toArray(new ErrorGroup[0]);
    this.isShared = isShared;
    this.count = count;
    rtol = new @Real double[dim * count];
    atol = new @Real double[dim * count];
    scaled = new @Real double[dim * count];
    scaled2 = new @Real double[dim * count];
    row = new @Real double[count];
    first = new double[count];
    second = new double[count];
    Arrays.fill(atol, 1);
  }

  /** Sets a lane's tolerances. */
  void tolerances(int lane, double relative, double absolute) {
    for (int i = lane; i < rtol.length; i += count) {
      rtol[i] = (@Real double) relative;
      atol[i] = (@Real double) absolute;
    }
  }

  /**
   * The squares of the error ratios.
   *
   * @param x error estimates: one, or two that are blended, s₅²/(s₅ + 0.01 s₃) with sums of squares
   *     s (Hairer's DOP853)
   * @param trajectory lanes with −1 do not count where all count together
   * @param r overwritten, one a lane
   */
  void squares(
      @Real double[][] x, @Real double[] y, @Real double[] y1, int[] trajectory, double[] r) {
    scale(x[0], y, y1, rtol, atol, scaled);
    if (x.length > 1) {
      scale(x[1], y, y1, rtol, atol, scaled2);
    }
    for (int g = 0; g < groups.length; g++) {
      ErrorGroup group = groups[g];
      sum(group, scaled, trajectory, first);
      if (x.length > 1) {
        sum(group, scaled2, trajectory, second);
        for (int l = 0; l < count; l++) {
          double s = first[l];
          first[l] = s == 0 ? 0 : s / (s + 0.01 * second[l]) * s;
        }
      }
      double size = group.to() - group.from();
      if (isShared && !group.isPacked()) {
        size *= used(trajectory);
      }
      if (g == 0) {
        divide(first, size, r);
      } else {
        divide(first, size, first);
        for (int l = 0; l < count; l++) {
          // NaN stays.
          r[l] = Math.max(r[l], first[l]);
        }
      }
    }
  }

  private static void scale(
      @Real double[] x,
      @Real double[] y,
      @Real double[] y1,
      @Real double[] rtol,
      @Real double[] atol,
      @Real double[] scaled) {
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = x[i] / Math.fma(rtol[i], Math.max(Math.abs(y[i]), Math.abs(y1[i])), atol[i]);
    }
  }

  private void sum(ErrorGroup group, @Real double[] x, int[] trajectory, double[] sums) {
    if (group.isPacked()) {
      Arrays.fill(sums, packed(group, x, used(trajectory)));
      return;
    }
    Arrays.fill(sums, 0);
    for (int d = group.from(); d < group.to(); d++) {
      System.arraycopy(x, d * count, row, 0, count);
      addSquares(row, sums);
    }
    if (isShared) {
      double sum = 0;
      for (int l = 0; l < count; l++) {
        if (trajectory[l] >= 0) {
          sum += sums[l];
        }
      }
      Arrays.fill(sums, sum);
    }
  }

  private static void addSquares(@Real double[] row, double[] sums) {
    for (int l = 0; l < row.length; l++) {
      double ratio = row[l];
      sums[l] += ratio * ratio;
    }
  }

  private static void divide(double[] x, double by, double[] quotients) {
    for (int l = 0; l < x.length; l++) {
      quotients[l] = x[l] / by;
    }
  }

  private double packed(ErrorGroup group, @Real double[] x, int used) {
    double sum = 0;
    int d = group.from() / used;
    int l = group.from() % used;
    for (int i = group.from(); i < group.to(); i++) {
      double ratio = x[d * count + l];
      sum += ratio * ratio;
      if (++l == used) {
        l = 0;
        d++;
      }
    }
    return sum;
  }

  private static int used(int[] trajectory) {
    int used = 0;
    for (int i : trajectory) {
      used += i >= 0 ? 1 : 0;
    }
    return used;
  }
}
