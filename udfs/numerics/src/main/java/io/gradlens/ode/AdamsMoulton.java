package io.gradlens.ode;

import io.gradlens.kernel.Real;
import io.gradlens.kernel.StageSums;

/**
 * The explicit Adams–Bashforth–Moulton method of order 4, in the form predict, evaluate, correct,
 * evaluate:
 *
 * <p>p = y + h/24 (55 f_n − 59 f_{n−1} + 37 f_{n−2} − 9 f_{n−3}), y₁ = y + h/24 (9 f(t + h, p) + 19
 * f_n − 5 f_{n−1} + f_{n−2})
 *
 * <p>Two evaluations a step of one size. The first three steps, and every step of another size, are
 * taken by the classic Runge–Kutta method of the same order. Lanes begin by themselves, so where
 * some have their past slopes and others have not, both methods are carried out.
 *
 * <p>Source: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, III.1.
 */
@Real
final class AdamsMoulton extends RungeKutta {
  private static final int PAST = 3;
  private static final StageSums SUMS =
      new StageSums(
          new double[][] {
            {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0},
            {19 / 24.0, -5 / 24.0, 1 / 24.0, 0, 9 / 24.0}
          });

  /** f_n, f_{n−1}, f_{n−2}, f_{n−3} and f at the prediction. */
  private final @Real double[][] slopes;

  private final @Real double[] prediction;
  private final @Real double[] corrected;
  private final int[] known;
  private final double[] size;

  AdamsMoulton(VectorField field, int lanes, StepObserver observer) {
    super(Tableaus.RK4.tableau(), field, lanes, observer);
    int n = dim * lanes;
    slopes = new @Real double[PAST + 2][n];
    prediction = new @Real double[n];
    corrected = new @Real double[n];
    known = new int[lanes];
    size = new double[lanes];
  }

  @Override
  void begin(int lane) {
    known[lane] = 0;
  }

  @Override
  void attempt(Lanes lanes) {
    boolean some = false;
    boolean all = true;
    for (int l = 0; l < known.length; l++) {
      if (lanes.trajectory[l] >= 0) {
        boolean isOther = Math.abs(lanes.h[l] - size[l]) > 1e-12 * Math.abs(size[l]);
        known[l] = isOther ? 0 : known[l];
        size[l] = lanes.h[l];
        evaluations[l] = known[l] == PAST ? 1 : tableau.stages() - 1;
        some |= known[l] == PAST;
        all &= known[l] == PAST;
      }
    }
    if (!all) {
      super.attempt(lanes);
    }
    if (some) {
      predictAndCorrect(lanes);
    }
  }

  private void predictAndCorrect(Lanes lanes) {
    slopes[0] = k[0];
    SUMS.add(0, prediction, lanes.y, lanes.steps, slopes, prediction.length);
    field.apply(lanes.tNext, prediction, slopes[PAST + 1]);
    SUMS.add(1, corrected, lanes.y, lanes.steps, slopes, corrected.length);
    for (int l = 0; l < known.length; l++) {
      if (known[l] == PAST) {
        take(lanes, l);
      }
    }
  }

  /**
   * Makes the lane's step that of this method. Its other stages become what gives the same step
   * with the weights of the Runge–Kutta method: the dense output is made of them.
   */
  private void take(Lanes lanes, int l) {
    for (int at = l; at < corrected.length; at += known.length) {
      y1[at] = corrected[at];
      @Real double rest = (corrected[at] - lanes.y[at]) / lanes.steps[at] * 6 - k[0][at];
      for (int i = 1; i < tableau.stages(); i++) {
        k[i][at] = rest / 5;
      }
    }
  }

  @Override
  void advance(Lanes lanes) {
    for (int l = 0; l < known.length; l++) {
      if (lanes.accepted[l]) {
        remember(l);
      }
    }
    super.advance(lanes);
  }

  private void remember(int l) {
    known[l] = Math.min(known[l] + 1, PAST);
    for (int at = l; at < corrected.length; at += known.length) {
      slopes[3][at] = slopes[2][at];
      slopes[2][at] = slopes[1][at];
      slopes[1][at] = k[0][at];
    }
  }
}
