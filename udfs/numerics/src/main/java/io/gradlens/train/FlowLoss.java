package io.gradlens.train;

import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.flow.ContinuousFlow;
import java.util.List;

/**
 * The negative log-likelihood −log p(x) of a continuous normalising flow: how unlikely a window's
 * first state x is. Times and later states are not looked at, so a trajectory may be a point.
 *
 * <p>The trace is exact: d quadratic forms an evaluation.
 */
public final class FlowLoss implements BatchLoss {
  private final DivergenceField field;
  private final ContinuousFlow flow;
  private final Adjoint withTheta;
  private final Adjoint withoutTheta;

  /**
   * @param field carries the standard normal density at time 0 to the data's at time 1; its θ is
   *     replaced
   * @param solve how trajectories are solved; its error groups are replaced
   */
  public FlowLoss(DivergenceField field, OdeSolve solve) {
    this.field = field;
    flow = ContinuousFlow.exact(field, 0, 1, solve);
    withTheta = adjoint(ThetaGradient.SUM);
    withoutTheta = adjoint(ThetaGradient.NONE);
  }

  private Adjoint adjoint(ThetaGradient kind) {
    return new DiscreteAdjoint(flow.solve(), flow.field(), kind, StepMemory.recompute());
  }

  @Override
  public int params() {
    return field.params();
  }

  @Override
  public int leastPoints() {
    return 1;
  }

  @Override
  public void gradient(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    field.setTheta(theta);
    sum.addGradient(add(withTheta, windows, sum).gradTheta());
  }

  @Override
  public void loss(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    field.setTheta(theta);
    add(withoutTheta, windows, sum);
  }

  private Gradients add(Adjoint adjoint, List<Window> windows, LossSum sum) {
    int d = field.dim();
    double[] points = new double[windows.size() * d];
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      if (window.trajectory().dim() != d) {
        throw new IllegalArgumentException(
            "Point '%s' has %d components, the field %d."
                .formatted(window.trajectory().id(), window.trajectory().dim(), d));
      }
      System.arraycopy(window.trajectory().y(), window.from() * d, points, i * d, d);
    }
    Trajectories trajectories = flow.trajectories(points, 0);
    Gradients gradients = adjoint.gradient(trajectories, flow.negativeLogLikelihood());
    for (int i = 0; i < windows.size(); i++) {
      int nfe = gradients.solution().nfe(i) + gradients.nfeBackward(i);
      if (gradients.solution().status(i).isSuccess()) {
        sum.add(gradients.loss(i), nfe);
      } else {
        sum.addFailure(nfe);
      }
    }
    return gradients;
  }
}
