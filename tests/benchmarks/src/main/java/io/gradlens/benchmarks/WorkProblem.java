package io.gradlens.benchmarks;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.ExpressionField;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An initial value problem of {@link WorkPrecision}, from t = 0: its end state is sought, and the
 * gradient of ½ Σ |y(t_i)|² over ten times at equal distances, the last one the end, with respect
 * to y₀ and θ.
 *
 * @param isPeriodic whether it ends where it began
 */
record WorkProblem(
    String name, DifferentiableField field, double[] y0, double t1, boolean isPeriodic) {

  private static final int OBSERVED = 10;
  private static final int PERIODS = 5;
  private static final double ECCENTRICITY = 0.5;
  private static final double EXACT = 1e-13;

  static List<WorkProblem> all() {
    return List.of(spiral(), lotkaVolterra(), kepler());
  }

  private static WorkProblem spiral() {
    return new WorkProblem("Spiral", Spiral.field(), new double[] {2, 0}, Spiral.T1, false);
  }

  private static WorkProblem lotkaVolterra() {
    return new WorkProblem(
        "Lotka–Volterra",
        ClassicalSystems.LOTKA_VOLTERRA.field(1.5, 1, 1, 3),
        new double[] {1, 1},
        10,
        false);
  }

  /** Whole periods from the point of the orbit that is next to the sun. */
  private static WorkProblem kepler() {
    String gravity = "du = -mu*x/(x^2 + y^2)^1.5; dv = -mu*y/(x^2 + y^2)^1.5";
    return new WorkProblem(
        "Kepler",
        ExpressionField.parse("dx = u; dy = v; " + gravity, Map.of("mu", 1.0)),
        new double[] {1 - ECCENTRICITY, 0, 0, Math.sqrt((1 + ECCENTRICITY) / (1 - ECCENTRICITY))},
        2 * Math.PI * PERIODS,
        true);
  }

  /** What computes the end state; NaN where the solve fails. */
  Supplier<double[]> endState(OdeSolve solve) {
    OdeSolve toEnd = solve.saveAt(SaveAt.T1);
    Trajectories one = Trajectories.of(y0.length, y0, 0, t1);
    return () -> toEnd.solve(field, one).ys(0);
  }

  /** What computes the gradient [dL/dy₀, dL/dθ] by the discrete adjoint. */
  Supplier<double[]> discreteGradient(OdeSolve solve) {
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(solve, field, ThetaGradient.SUM, StepMemory.recompute());
    Trajectories one = observed();
    return () -> numbers(adjoint.gradient(one, WorkProblem::halfSquare));
  }

  /** The same by the continuous adjoint, solved backwards as forwards. */
  Supplier<double[]> backsolveGradient(OdeSolve solve) {
    BacksolveAdjoint adjoint =
        new BacksolveAdjoint(solve, solve, field, ThetaGradient.SUM, ThetaNorm.FULL);
    Trajectories one = observed();
    return () -> numbers(adjoint.gradient(one, WorkProblem::halfSquare));
  }

  private Trajectories observed() {
    double[] times =
        IntStream.rangeClosed(0, OBSERVED).mapToDouble(i -> t1 * i / OBSERVED).toArray();
    return Trajectories.of(y0.length, y0, times);
  }

  /** A {@link Loss}; what y₀ itself adds to it is left out. */
  private static double halfSquare(int trajectory, double[] ts, double[] ys, double[] gradYs) {
    double sum = 0;
    for (int i = ys.length / ts.length; i < ys.length; i++) {
      sum += ys[i] * ys[i] / 2;
      gradYs[i] = ys[i];
    }
    return sum;
  }

  private static double[] numbers(Gradients gradients) {
    return DoubleStream.concat(
            Arrays.stream(gradients.gradY0(0)), Arrays.stream(gradients.gradTheta()))
        .toArray();
  }

  /** The end state, exact or as exact as double precision gets. */
  double[] exactEndState() {
    return isPeriodic ? y0 : endState(exactly(Tableaus.DOP853)).get();
  }

  /** The gradient as exact as double precision gets. */
  double[] exactGradient() {
    return discreteGradient(exactly(Tableaus.DOP853)).get();
  }

  /** How far another method's end state is from the exact one: what that is good for. */
  double doubtOfEndState() {
    return relativeError(endState(exactly(Tableaus.TSIT5)).get(), exactEndState());
  }

  /** How far the other adjoint's gradient, by another method, is from the exact one. */
  double doubtOfGradient() {
    return relativeError(backsolveGradient(exactly(Tableaus.TSIT5)).get(), exactGradient());
  }

  private static OdeSolve exactly(Tableaus method) {
    return OdeSolve.with(method.tableau(), StepSizeController.adaptive(EXACT, EXACT / 100));
  }

  /** |got − exact|/|exact|. */
  static double relativeError(double[] got, double[] exact) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += (got[i] - exact[i]) * (got[i] - exact[i]);
      size += exact[i] * exact[i];
    }
    return Math.sqrt(difference / size);
  }
}
