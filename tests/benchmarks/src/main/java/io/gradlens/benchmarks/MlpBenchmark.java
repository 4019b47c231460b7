package io.gradlens.benchmarks;

import io.gradlens.ode.FloatTape;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.FloatMlp;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One evaluation of a tanh network and one with its way back, as a Runge–Kutta step of six stages
 * takes them: on the tape, θ's gradient summed once a step. The plain kernel is what a JVM without
 * the vector module gets: {@code -jvmArgs -Xmx1g}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MlpBenchmark {
  private static final int STAGES = 6;

  /** Dimension, hidden width and lanes; the first has the spiral's cube at its input. */
  @Param({"2-50 x 24", "64-256 x 256"})
  private String network;

  private double[] t;
  private double[] gradT;
  private double[] theta;
  private double[] y;
  private double[] cotangent;
  private double[] f;
  private double[] gradY;
  private float[] floatY;
  private float[] floatCotangent;
  private float[] floatF;
  private float[] floatGradY;
  private Mlp net;
  private FloatMlp floatNet;
  private Tape tape;
  private FloatTape floatTape;

  /** Makes the network and random states. */
  @Setup
  public void make() {
    String[] sizes = network.split("\\D+");
    int dim = Integer.parseInt(sizes[0]);
    int lanes = Integer.parseInt(sizes[2]);
    MlpShape shape =
        MlpShape.of(dim, Activation.TANH, Integer.valueOf(sizes[1])).withPower(dim == 2 ? 3 : 1);
    net = new Mlp(shape, shape.normal(0.1, 1));
    floatNet = new FloatMlp(shape, net.theta());
    tape = net.tape(lanes, STAGES, ThetaGradient.SUM);
    floatTape = floatNet.tape(lanes, STAGES, ThetaGradient.SUM);
    t = new double[lanes];
    gradT = new double[lanes];
    theta = new double[shape.params()];
    int size = dim * lanes;
    Random random = new Random(1);
    y = random.doubles(size, -2, 2).toArray();
    cotangent = random.doubles(size, -1, 1).toArray();
    f = new double[size];
    gradY = new double[size];
    floatY = new float[size];
    floatCotangent = new float[size];
    floatF = new float[size];
    floatGradY = new float[size];
    for (int i = 0; i < size; i++) {
      floatY[i] = (float) y[i];
      floatCotangent[i] = (float) cotangent[i];
    }
  }

  /** f. */
  @Benchmark
  public double[] apply() {
    net.apply(t, y, f);
    return f;
  }

  /** f, its vjp and the gradient of θ. */
  @Benchmark
  @OperationsPerInvocation(STAGES)
  public double[] gradient() {
    for (int s = 0; s < STAGES; s++) {
      tape.apply(s, t, y, f);
    }
    for (int s = STAGES - 1; s >= 0; s--) {
      tape.vjp(s, cotangent, gradY, gradT);
    }
    tape.addThetaGradient(theta);
    return theta;
  }

  /** f in single precision. */
  @Benchmark
  public float[] applyFloat() {
    floatNet.apply(t, floatY, floatF);
    return floatF;
  }

  /** f, its vjp and the gradient of θ in single precision. */
  @Benchmark
  @OperationsPerInvocation(STAGES)
  public double[] gradientFloat() {
    for (int s = 0; s < STAGES; s++) {
      floatTape.apply(s, t, floatY, floatF);
    }
    for (int s = STAGES - 1; s >= 0; s--) {
      floatTape.vjp(s, floatCotangent, floatGradY, gradT);
    }
    floatTape.addThetaGradient(theta);
    return theta;
  }
}
