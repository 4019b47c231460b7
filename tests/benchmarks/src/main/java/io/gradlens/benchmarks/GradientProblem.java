package io.gradlens.benchmarks;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.FloatBacksolveAdjoint;
import io.gradlens.ode.adjoint.FloatDiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.FloatMlp;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.io.IOException;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A network, a batch of trajectories and a loss, whose gradient is timed. */
record GradientProblem(
    MlpShape shape, double[] theta, OdeSolve solve, Trajectories trajectories, Loss loss) {

  private static final double DEVIATION = 0.1;

  /**
   * Makes a problem.
   *
   * @param name {@code spiral20} or {@code spiral2000}, with {@code -trained} behind it for trained
   *     weights, or {@code wide256}
   * @throws IllegalArgumentException if there is none of that name
   */
  static GradientProblem named(String name) throws IOException {
    return switch (name) {
      case "spiral20" -> spiral(20, freshSpiral());
      case "spiral2000" -> spiral(2000, freshSpiral());
      case "spiral20-trained" -> spiral(20, Spiral.trainedTheta());
      case "spiral2000-trained" -> spiral(2000, Spiral.trainedTheta());
      case "wide256" -> wide(256);
      default -> throw new IllegalArgumentException("There is no problem '" + name + "'.");
    };
  }

  private static double[] freshSpiral() {
    return Spiral.NET.normal(DEVIATION, 0);
  }

  private static GradientProblem spiral(int batch, double[] theta) {
    Spiral truth = Spiral.draw(batch, 1);
    return new GradientProblem(
        Spiral.NET,
        theta,
        dopri5(1e-7, 1e-9),
        truth.trajectories(),
        meanAbsoluteError(truth.targets()));
  }

  /** 64-256-64 on states and targets drawn from N(0, 1), seen eleven times in [0, 1]. */
  private static GradientProblem wide(int batch) {
    MlpShape shape = MlpShape.of(64, Activation.TANH, 256);
    double[] times = IntStream.rangeClosed(0, 10).mapToDouble(i -> i / 10.0).toArray();
    Random random = new Random(1);
    double[] y0 = normal(random, shape.dim() * batch);
    return new GradientProblem(
        shape,
        shape.normal(DEVIATION, 0),
        dopri5(1e-5, 1e-7),
        Trajectories.of(shape.dim(), y0, times),
        meanSquaredError(normal(random, y0.length * times.length)));
  }

  private static double[] normal(Random random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  private static OdeSolve dopri5(double rtol, double atol) {
    return OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(rtol, atol))
        .stepControl(StepControl.SHARED);
  }

  /** Over all numbers of the batch; targets are {@code [trajectory][time][dim]}. */
  private static Loss meanAbsoluteError(double[] targets) {
    return (trajectory, ts, ys, gradYs) -> {
      double sum = 0;
      for (int i = 0; i < ys.length; i++) {
        double error = ys[i] - targets[trajectory * ys.length + i];
        sum += Math.abs(error);
        gradYs[i] = Math.signum(error) / targets.length;
      }
      return sum / targets.length;
    };
  }

  private static Loss meanSquaredError(double[] targets) {
    return (trajectory, ts, ys, gradYs) -> {
      double sum = 0;
      for (int i = 0; i < ys.length; i++) {
        double error = ys[i] - targets[trajectory * ys.length + i];
        sum += error * error;
        gradYs[i] = 2 * error / targets.length;
      }
      return sum / targets.length;
    };
  }

  /**
   * What computes the gradient in double precision.
   *
   * @param adjoint {@code discrete} (stages evaluated again), {@code discrete-store} (stages kept),
   *     {@code backsolve} (full norm) or {@code backsolve-seminorm}
   */
  Supplier<Gradients> gradient(String adjoint) {
    Mlp field = new Mlp(shape, theta);
    if (adjoint.startsWith("discrete")) {
      DiscreteAdjoint discrete =
          new DiscreteAdjoint(solve, field, ThetaGradient.SUM, memory(adjoint));
      return () -> discrete.gradient(trajectories, loss);
    }
    BacksolveAdjoint backsolve =
        new BacksolveAdjoint(solve, solve, field, ThetaGradient.SUM, norm(adjoint));
    return () -> backsolve.gradient(trajectories, loss);
  }

  /** The same in single precision. */
  Supplier<Gradients> floatGradient(String adjoint) {
    FloatMlp field = new FloatMlp(shape, theta);
    if (adjoint.startsWith("discrete")) {
      FloatDiscreteAdjoint discrete =
          new FloatDiscreteAdjoint(solve, field, ThetaGradient.SUM, memory(adjoint));
      return () -> discrete.gradient(trajectories, loss);
    }
    FloatBacksolveAdjoint backsolve =
        new FloatBacksolveAdjoint(solve, solve, field, ThetaGradient.SUM, norm(adjoint));
    return () -> backsolve.gradient(trajectories, loss);
  }

  private static StepMemory memory(String adjoint) {
    return adjoint.equals("discrete-store") ? StepMemory.store() : StepMemory.recompute();
  }

  private static ThetaNorm norm(String adjoint) {
    return adjoint.equals("backsolve-seminorm") ? ThetaNorm.SEMINORM : ThetaNorm.FULL;
  }
}
