package io.gradlens.trajectory;

import io.gradlens.ode.adjoint.Loss;

/** The loss where events may end a trajectory: what it did not reach is not compared. */
record LossUntilTheEnd(LossOptions options, double[][] targets) implements Loss {

  @Override
  public double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs) {
    double[] reached = targets[trajectory].clone();
    double[] states = ys.clone();
    for (int i = 0; i < ys.length; i++) {
      if (Double.isNaN(ys[i])) {
        reached[i] = Double.NaN;
        states[i] = 0;
      }
    }
    return options.loss(new double[][] {reached}).evaluate(0, ts, states, gradYs);
  }
}
