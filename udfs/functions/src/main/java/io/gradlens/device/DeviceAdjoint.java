package io.gradlens.device;

import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.nn.MlpShape;

/**
 * {@link io.gradlens.ode.adjoint.DiscreteAdjoint} for a wide network on whatever device ND4J runs:
 * the same recurrence, the same gradients but for rounding. To the host come the states that the
 * loss sees and, at the end, gradients; from it, the loss's cotangents.
 *
 * <p>An instance keeps its memory from one call to the next, so it belongs to one thread at a time.
 */
public final class DeviceAdjoint implements Adjoint {
  private final ThetaGradient thetaGradient;
  private final DeviceMlp net;
  private final OdeSolve how;
  private final DeviceSolve solve;
  private final DeviceLog log;
  private DeviceSweep sweep;

  /**
   * @param how as {@link DeviceSolve} takes it
   * @param theta the network's parameters, in the order of {@link MlpShape}
   * @param precision of states and parameters
   * @param bytes of states that are kept of the forward solve; what does not fit is computed again
   * @throws IllegalArgumentException naming what is not supported
   */
  public DeviceAdjoint(
      OdeSolve how,
      MlpShape shape,
      double[] theta,
      FieldPrecision precision,
      ThetaGradient thetaGradient,
      long bytes) {
    this(how, new DeviceMlp(shape, theta, precision), thetaGradient, bytes);
  }

  DeviceAdjoint(OdeSolve how, DeviceMlp net, ThetaGradient thetaGradient, long bytes) {
    this.how = how;
    this.thetaGradient = thetaGradient;
    this.net = net;
    solve = new DeviceSolve(how, net);
    log = new DeviceLog(bytes);
  }

  @Override
  public Gradients gradient(Trajectories trajectories, Loss loss) {
    Solution solution = solve.solve(trajectories, log);
    Gradients gradients = new Gradients(solution, thetaGradient, net.shape.params(), loss);
    int lanes = Lanes.padded(trajectories.count());
    if (sweep == null || sweep.count() != lanes) {
      sweep = new DeviceSweep(how.tableau(), net, thetaGradient, lanes);
    }
    sweep.run(log, trajectories, gradients);
    return gradients;
  }
}
