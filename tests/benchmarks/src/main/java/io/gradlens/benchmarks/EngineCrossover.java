package io.gradlens.benchmarks;

import io.gradlens.device.DeviceAdjoint;
import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.FloatDiscreteAdjoint;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.FloatMlp;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Locale;
import java.util.Random;

/**
 * From which width and batch on ND4J's arrays overtake the Java kernels: the gradients of a loss on
 * solutions in four steps of dopri5, by both engines in one thread.
 *
 * <pre>tests/benchmarks/run io.gradlens.benchmarks.EngineCrossover</pre>
 *
 * Prints a table of milliseconds of processor time and their ratio, above 1 where ND4J wins.
 */
public final class EngineCrossover {
  private static final OdeSolve SOLVE =
      OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.fixed(0.25));
  private static final int[] WIDTHS = {64, 128, 256, 512, 1024, 2048};
  private static final int[] BATCHES = {64, 256, 1024};
  private static final double SECONDS = 1;

  private EngineCrossover() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    System.out.println("| network | precision | batch | Java ms | ND4J ms | Java / ND4J |");
    System.out.println("|---|---|---|---|---|---|");
    for (Activation activation : new Activation[] {Activation.TANH, Activation.RELU}) {
      for (int width : WIDTHS) {
        // As wide a state as layers: the case that matrix products dominate most.
        MlpShape shape = MlpShape.of(width, activation, width);
        for (FieldPrecision precision :
            new FieldPrecision[] {FieldPrecision.FLOAT64, FieldPrecision.FLOAT32}) {
          for (int batch : BATCHES) {
            if ((long) width * width * batch <= 1L << 30) {
              compare(shape, precision, batch);
            }
          }
        }
      }
    }
  }

  private static void compare(MlpShape shape, FieldPrecision precision, int batch) {
    double[] theta = shape.glorot(1);
    Random random = new Random(2);
    double[] y0 = random.doubles((long) batch * shape.dim(), -1, 1).toArray();
    Trajectories data = Trajectories.of(shape.dim(), y0, 0, 1);
    Adjoint plain =
        precision == FieldPrecision.FLOAT32
            ? new FloatDiscreteAdjoint(
                SOLVE, new FloatMlp(shape, theta), ThetaGradient.SUM, StepMemory.recompute())
            : new DiscreteAdjoint(
                SOLVE, new Mlp(shape, theta), ThetaGradient.SUM, StepMemory.recompute());
    Adjoint device =
        new DeviceAdjoint(SOLVE, shape, theta, precision, ThetaGradient.SUM, Long.MAX_VALUE);
    double ofJava = CpuTime.median(() -> plain.gradient(data, LOSS), SECONDS);
    double ofDevice = CpuTime.median(() -> device.gradient(data, LOSS), SECONDS);
    System.out.printf(
        "| %d-%d-%d %s | %s | %d | %.2f | %.2f | %.2f |%n",
        shape.dim(),
        shape.dim(),
        shape.dim(),
        shape.activation().name().toLowerCase(Locale.ROOT),
        precision == FieldPrecision.FLOAT32 ? "float32" : "float64",
        batch,
        1e3 * ofJava,
        1e3 * ofDevice,
        ofJava / ofDevice);
  }

  private static final Loss LOSS =
      (trajectory, ts, ys, gradYs) -> {
        double loss = 0;
        for (int i = ys.length / 2; i < ys.length; i++) {
          loss += ys[i] * ys[i];
          gradYs[i] = 2 * ys[i];
        }
        return loss;
      };
}
