package io.gradlens.benchmarks;

import io.gradlens.ode.adjoint.Gradients;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds for one gradient of a batch (solve, loss, way back), on one thread.
 *
 * <p>{@code spiral20} and {@code spiral2000} are the spiral demo with batches of that size: a
 * network 2-50-2 with tanh on y³, ten times 25/999 apart, mean absolute error, rtol 1e-7, atol
 * 1e-9. {@code wide256} is a network 64-256-64 with tanh on a batch of 256, eleven times in [0, 1],
 * mean squared error, rtol 1e-5, atol 1e-7. Weights are fresh from N(0, 0.1²), or trained: those
 * need more steps, and the reference material, without which they are skipped. Steps are dopri5's,
 * shared by the batch as torchdiffeq's are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Threads(1)
@Fork(1)
public class OdeGradientBenchmark {

  @Param({"spiral20", "spiral2000", "spiral20-trained", "spiral2000-trained", "wide256"})
  private String problem;

  @Param({"discrete", "discrete-store", "backsolve", "backsolve-seminorm"})
  private String adjoint;

  @Param({"double", "float"})
  private String precision;

  private Supplier<Gradients> gradient;

  /** Makes the problem, and sees that it can be solved. */
  @Setup
  public void make() throws IOException {
    GradientProblem made = GradientProblem.named(problem);
    gradient = precision.equals("float") ? made.floatGradient(adjoint) : made.gradient(adjoint);
    Gradients first = gradient.get();
    if (!first.solution().isSuccess() || !Double.isFinite(first.gradTheta()[0])) {
      throw new IllegalStateException(
          "%s, %s, %s: %s"
              .formatted(problem, adjoint, precision, first.solution().status(0).advice()));
    }
  }

  /** One gradient. */
  @Benchmark
  public Gradients gradient() {
    return gradient.get();
  }
}
