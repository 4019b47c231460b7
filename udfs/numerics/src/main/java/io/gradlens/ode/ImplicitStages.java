package io.gradlens.ode;

import io.gradlens.kernel.LaneMatrix;
import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * Solves the stages of a diagonally implicit method, Y = b + hγ f(t, Y), by Newton's iteration with
 * the Jacobian of the step's beginning: Y ← Y + (I − hγJ)⁻¹ (b + hγ f(t, Y) − Y).
 *
 * <p>The Jacobian is the field's own where it gives one, else one vector–Jacobian product a
 * component. Every lane iterates until its correction is at rounding level, because an adjoint
 * counts on the stage equations being solved, and is then left alone, so that it does not depend on
 * the others.
 *
 * <p>Source: Hairer and Wanner, Solving Ordinary Differential Equations II, IV.8.
 */
@Real
public final class ImplicitStages {
  private static final int MOST = 30;

  /** A correction of this part of the state is rounding. */
  private static final double CONVERGED = Precision.BYTES == Float.BYTES ? 1e-5 : 2e-14;

  /** A correction that does not shrink any more must be smaller than this. */
  private static final double STALLED = Precision.BYTES == Float.BYTES ? 1e-3 : 1e-9;

  private final DifferentiableField field;
  private final double gamma;
  private final int dim;
  private final int lanes;
  private final LaneMatrix matrix;
  private final @Real double[] jacobian;
  private final @Real double[] cotangent;
  private final @Real double[] row;
  private final @Real double[] state;
  private final @Real double[] correction;
  private final double[] gradT;
  private final double[] last;
  private final boolean[] isDone;

  /**
   * @param gamma the method's γ
   * @throws IllegalArgumentException if the field has no vector–Jacobian products
   */
  public ImplicitStages(VectorField field, double gamma, int lanes) {
    if (!(field instanceof DifferentiableField differentiable)) {
      throw new IllegalArgumentException(
          "An implicit method needs the Jacobian of the field: %s is no DifferentiableField."
              .formatted(field.getClass().getName()));
    }
    this.field = differentiable;
    this.gamma = gamma;
    this.lanes = lanes;
    dim = field.dim();
    matrix = new LaneMatrix(dim, lanes);
    jacobian = new @Real double[dim * dim * lanes];
    cotangent = new @Real double[dim * lanes];
    row = new @Real double[dim * lanes];
    state = new @Real double[dim * lanes];
    correction = new @Real double[dim * lanes];
    gradT = new double[lanes];
    last = new double[lanes];
    isDone = new boolean[lanes];
  }

  /**
   * Factors I − hγJ with J at (t, y).
   *
   * @param h step sizes; a lane with 0 is left out
   */
  public void linearise(double[] t, @Real double[] y, double[] h) {
    if (!field.jacobian(t, y, jacobian)) {
      for (int i = 0; i < dim; i++) {
        Arrays.fill(cotangent, 0);
        Arrays.fill(cotangent, i * lanes, (i + 1) * lanes, 1);
        Arrays.fill(row, 0);
        field.vjp(t, y, cotangent, row, null, gradT);
        System.arraycopy(row, 0, jacobian, i * row.length, row.length);
      }
    }
    for (int l = 0; l < lanes; l++) {
      if (h[l] != 0) {
        matrix.factor(l, h[l] * gamma, jacobian);
      }
    }
  }

  /**
   * Solves a stage.
   *
   * @param t the stage's times
   * @param y b, overwritten by Y; NaN in lanes where the iteration fails
   * @param k overwritten by (Y − b)/(hγ), which is f(t, Y)
   * @param evaluations what it takes for every lane is added, {@code [n]}
   */
  public void solve(double[] t, @Real double[] y, double[] h, @Real double[] k, int[] evaluations) {
    for (int l = 0; l < lanes; l++) {
      isDone[l] = h[l] == 0;
      last[l] = Double.POSITIVE_INFINITY;
    }
    System.arraycopy(y, 0, state, 0, state.length);
    for (int i = 0; i < MOST && !areDone(); i++) {
      field.apply(t, state, k);
      for (int l = 0; l < lanes; l++) {
        if (!isDone[l]) {
          evaluations[l]++;
          correct(l, y, h[l] * gamma, k);
        }
      }
    }
    for (int l = 0; l < lanes; l++) {
      for (int at = l; at < state.length; at += lanes) {
        k[at] =
            h[l] == 0
                ? 0
                : isDone[l]
                    ? (@Real double) ((state[at] - y[at]) / (h[l] * gamma))
                    : (@Real double) Double.NaN;
        y[at] = isDone[l] ? state[at] : (@Real double) Double.NaN;
      }
    }
  }

  private boolean areDone() {
    for (boolean each : isDone) {
      if (!each) {
        return false;
      }
    }
    return true;
  }

  private void correct(int l, @Real double[] b, double c, @Real double[] k) {
    double size = 0;
    for (int at = l; at < state.length; at += lanes) {
      correction[at] = (@Real double) (b[at] + c * k[at] - state[at]);
      size = Math.max(size, Math.abs(state[at]));
    }
    matrix.solve(l, correction);
    double change = 0;
    for (int at = l; at < state.length; at += lanes) {
      state[at] += correction[at];
      change = Math.max(change, Math.abs(correction[at]));
    }
    double part = change == 0 ? 0 : change / size;
    isDone[l] = part <= CONVERGED || part <= STALLED && part >= last[l];
    last[l] = part;
  }

  /**
   * Solves (I − hγJ)ᵀ μ = κ after {@link #linearise}.
   *
   * @param kappa overwritten by μ
   */
  public void solveTransposed(double[] h, @Real double[] kappa) {
    for (int l = 0; l < lanes; l++) {
      if (h[l] != 0) {
        matrix.solveTransposed(l, kappa);
      }
    }
  }
}
