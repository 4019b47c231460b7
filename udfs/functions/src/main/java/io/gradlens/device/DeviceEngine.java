package io.gradlens.device;

import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.FieldEngine;

/** A network that is trained on whatever device ND4J runs, in double precision. */
public final class DeviceEngine implements FieldEngine {
  private final DeviceMlp net;
  private final DeviceSolve solve;
  private final DeviceAdjoint adjoint;

  /**
   * @param how as {@link DeviceSolve} takes it
   * @param theta the network's parameters, in the order of {@link MlpShape}
   * @param bytes of states that are kept of a forward solve
   * @throws IllegalArgumentException naming what is not supported
   */
  public DeviceEngine(OdeSolve how, MlpShape shape, double[] theta, long bytes) {
    net = new DeviceMlp(shape, theta, FieldPrecision.FLOAT64);
    solve = new DeviceSolve(how, net);
    adjoint = new DeviceAdjoint(how, net, ThetaGradient.SUM, bytes);
  }

  @Override
  public int dim() {
    return net.shape.dim();
  }

  @Override
  public int params() {
    return net.shape.params();
  }

  @Override
  public void setTheta(double[] theta) {
    net.setTheta(theta);
  }

  @Override
  public Solution solve(Trajectories trajectories) {
    return solve.solve(trajectories);
  }

  @Override
  public Gradients gradient(Trajectories trajectories, Loss loss) {
    return adjoint.gradient(trajectories, loss);
  }
}
