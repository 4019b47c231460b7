package io.gradlens.train;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Event;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import java.util.Arrays;
import java.util.function.Function;

/** The solvers and the discrete adjoint of {@code io.gradlens.ode}, in double precision. */
public final class SolverEngine implements FieldEngine {
  private final DifferentiableField field;
  private final OdeSolve eventless;
  private final Function<double[], Event[]> events;
  private double[] thetaOfEvents;
  private OdeSolve solve;
  private Adjoint adjoint;

  /**
   * @param field its θ is replaced
   * @param solve how trajectories are solved, each with steps of its own
   * @throws IllegalArgumentException if steps are to be shared: a window's loss would depend on its
   *     neighbours
   */
  public SolverEngine(DifferentiableField field, OdeSolve solve) {
    this(field, solve, null);
  }

  private SolverEngine(
      DifferentiableField field, OdeSolve solve, Function<double[], Event[]> events) {
    if (solve.stepControl() == StepControl.SHARED) {
      throw new IllegalArgumentException(
          "Training takes steps PER_TRAJECTORY: shared ones make a loss depend on its neighbours.");
    }
    this.field = field;
    this.events = events;
    eventless = solve.saveAt(SaveAt.TS);
    solveBy(eventless);
  }

  /**
   * The same with events that may depend on θ.
   *
   * @param ofTheta gives events with the field's parameters as they are; gradients go through them
   */
  public SolverEngine withEvents(Function<double[], Event[]> ofTheta) {
    return new SolverEngine(field, eventless, ofTheta);
  }

  private void solveBy(OdeSolve how) {
    solve = how;
    adjoint = new DiscreteAdjoint(how, field, ThetaGradient.SUM, StepMemory.recompute());
  }

  @Override
  public int dim() {
    return field.dim();
  }

  @Override
  public int params() {
    return field.params();
  }

  @Override
  public void setTheta(double[] theta) {
    field.setTheta(theta);
    if (events != null && !Arrays.equals(theta, thetaOfEvents)) {
      thetaOfEvents = theta.clone();
      solveBy(eventless.events(events.apply(theta)));
    }
  }

  @Override
  public Solution solve(Trajectories trajectories) {
    return solve.solve(field, trajectories);
  }

  @Override
  public Gradients gradient(Trajectories trajectories, Loss loss) {
    return adjoint.gradient(trajectories, loss);
  }
}
