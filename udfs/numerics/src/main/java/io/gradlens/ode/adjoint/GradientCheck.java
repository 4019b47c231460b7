package io.gradlens.ode.adjoint;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;

/**
 * Tells whether gradients are right: an adjoint's against differences of losses, or against
 * another's.
 *
 * <pre>{@code
 * GradientDifference difference =
 *     new GradientCheck(solve, field).check(adjoint, trajectories, 0, loss);
 * if (!(difference.relativeError() < 1e-6)) {
 *   throw new IllegalStateException(difference.toString());
 * }
 * }</pre>
 *
 * <p>The trajectory is solved once, and then again and again on the same steps with its initial
 * state, parameters or times changed a little. So what is differentiated is smooth, and central
 * differences over five points are good to about ten digits:
 *
 * <ul>
 *   <li>For a {@link DiscreteAdjoint}, with the solve that it has, they are exactly what it
 *       computes. Times move along the dense output, dL/dt_i = g_i·p′(t_i), but the first, which
 *       moves all steps along.
 *   <li>For a {@link BacksolveAdjoint}, give a solve with tight tolerances (1e-12): on its steps
 *       the gradients are those of the continuous problem, and what remains is the adjoint's error.
 * </ul>
 *
 * <p>An adjoint in single precision is checked with the field in double precision.
 *
 * <p>A loss or a field that is not smooth (absolute errors) has no differences to go by. Where f
 * jumps at given times, dL/dt₀ is not comparable.
 *
 * <p>Cost: one solve of all trajectories and, for each component of y₀ and θ and for t₀, four
 * solves of the one, or more where a change turns out to be too large or too small.
 */
public final class GradientCheck {
  private static final double[] NONE = {};

  private final OdeSolve solve;
  private final DifferentiableField field;
  private final int[] fixed;

  /**
   * Makes a check.
   *
   * @param solve how trajectories are solved; what it keeps does not matter
   * @param field is given other parameters during a check
   * @throws IllegalArgumentException if the solve has events, whose times frozen steps do not
   *     follow
   */
  public GradientCheck(OdeSolve solve, DifferentiableField field) {
    this(solve, field, new int[0]);
  }

  private GradientCheck(OdeSolve solve, DifferentiableField field, int[] fixed) {
    if (!solve.events().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot check gradients through %d events on frozen steps, which do not move with them."
              .formatted(solve.events().size()));
    }
    this.solve = solve;
    this.field = field;
    this.fixed = fixed;
  }

  /**
   * The same without some components of the initial state: those that an adjoint takes for
   * constants, like a flow's noise. They count as 0 on both sides.
   *
   * @throws IllegalArgumentException if the field does not have one of them
   */
  public GradientCheck fixing(int... components) {
    for (int i : components) {
      if (i < 0 || i >= field.dim()) {
        throw new IllegalArgumentException(
            "Cannot fix component %d: the field has %d, counted from 0.".formatted(i, field.dim()));
      }
    }
    return new GradientCheck(solve, field, components.clone());
  }

  /**
   * Compares an adjoint's gradients for one of the trajectories with differences.
   *
   * @throws IllegalArgumentException if dimensions do not fit
   * @throws IllegalStateException if the adjoint sums gradients of θ over several trajectories
   */
  public GradientDifference check(
      Adjoint adjoint, Trajectories trajectories, int trajectory, Loss loss) {
    return check(adjoint.gradient(trajectories, loss), trajectories, trajectory, loss);
  }

  /** The same with gradients that are there already, for the same trajectories and loss. */
  public GradientDifference check(
      Gradients gradients, Trajectories trajectories, int trajectory, Loss loss) {
    boolean[] isFixed = new boolean[field.dim()];
    double[] y0 = gradients.gradY0(trajectory).clone();
    for (int i : fixed) {
      isFixed[i] = true;
      y0[i] = 0;
    }
    double[] theta = theta(gradients, trajectory);
    double[] times = gradients.gradT(trajectory);
    Solution steps = solve.saveAt(SaveAt.STEPS).solve(field, trajectories);
    if (!steps.status(trajectory).isSuccess()) {
      return GradientDifference.of(
          y0, nans(y0.length), theta, nans(theta.length), times, nans(times.length));
    }
    LossDifferences differences =
        new LossDifferences(
            new FrozenSolve(solve, field, trajectories, trajectory, steps),
            field,
            loss,
            trajectory);
    return GradientDifference.of(
        y0,
        differences.y0(isFixed, LossDifferences.norm(y0)),
        theta,
        theta.length == 0 ? NONE : differences.theta(LossDifferences.norm(theta)),
        times,
        differences.times(LossDifferences.norm(times)));
  }

  /**
   * Compares two adjoints' gradients for one of the trajectories that both were given.
   *
   * @param actual those under test
   * @param expected those that count as right
   * @throws IllegalStateException if one sums gradients of θ over several trajectories
   */
  public static GradientDifference compare(Gradients actual, Gradients expected, int trajectory) {
    boolean hasTheta =
        actual.thetaGradient() != ThetaGradient.NONE
            && expected.thetaGradient() != ThetaGradient.NONE;
    return GradientDifference.of(
        actual.gradY0(trajectory),
        expected.gradY0(trajectory),
        hasTheta ? theta(actual, trajectory) : NONE,
        hasTheta ? theta(expected, trajectory) : NONE,
        actual.gradT(trajectory),
        expected.gradT(trajectory));
  }

  private static double[] theta(Gradients gradients, int trajectory) {
    return switch (gradients.thetaGradient()) {
      case NONE -> NONE;
      case PER_TRAJECTORY -> gradients.gradTheta(trajectory);
      case SUM -> {
        if (gradients.solution().count() > 1) {
          throw new IllegalStateException(
              "Cannot check one of %d trajectories: their gradients of θ are summed. Take ThetaGradient.PER_TRAJECTORY, or one trajectory alone."
                  .formatted(gradients.solution().count()));
        }
        yield gradients.gradTheta();
      }
    };
  }

  private static double[] nans(int count) {
    double[] nans = new double[count];
    Arrays.fill(nans, Double.NaN);
    return nans;
  }
}
