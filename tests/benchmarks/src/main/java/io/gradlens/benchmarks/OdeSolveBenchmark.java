package io.gradlens.benchmarks;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ClassicalSystems;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Trajectories a second, in double precision on one thread: a thousand of them, every one with its
 * own steps, of which the last state is kept.
 *
 * <p>Lotka–Volterra with θ = (1.5, 1, 1, 3) runs over [0, 10] from states drawn uniformly from
 * [0.5, 2.5]²; Lorenz over [0, 5] from states on its attractor. rtol = atol.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Threads(1)
@Fork(1)
public class OdeSolveBenchmark {
  private static final int TRAJECTORIES = 1000;

  @Param({"lotka-volterra", "lorenz"})
  private String system;

  @Param({"1e-6", "1e-9"})
  private double tolerance;

  @Param({"dopri5", "tsit5", "dop853"})
  private String solver;

  private DifferentiableField field;
  private Trajectories trajectories;
  private OdeSolve solve;

  /** Draws initial states. */
  @Setup
  public void draw() {
    boolean isLorenz = system.equals("lorenz");
    field =
        isLorenz
            ? ClassicalSystems.LORENZ.field()
            : ClassicalSystems.LOTKA_VOLTERRA.field(1.5, 1, 1, 3);
    trajectories = isLorenz ? onTheAttractor() : populations();
    solve =
        OdeSolve.with(Tableaus.named(solver), StepSizeController.adaptive(tolerance, tolerance))
            .saveAt(SaveAt.T1);
  }

  private static Trajectories populations() {
    return Trajectories.of(2, new Random(1).doubles(2 * TRAJECTORIES, 0.5, 2.5).toArray(), 0, 10);
  }

  /** Neighbours of (1, 1, 25) are spread over the whole of it after 20 units of time. */
  private Trajectories onTheAttractor() {
    Random random = new Random(1);
    double[] y0 =
        IntStream.range(0, 3 * TRAJECTORIES)
            .mapToDouble(i -> (i % 3 == 2 ? 25 : 1) + random.nextGaussian())
            .toArray();
    Solution spread =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-6, 1e-6))
            .saveAt(SaveAt.T1)
            .solve(field, Trajectories.of(3, y0, 0, 20));
    for (int i = 0; i < y0.length; i++) {
      y0[i] = spread.y(i / 3, 0, i % 3);
    }
    return Trajectories.of(3, y0, 0, 5);
  }

  /** All of them once. */
  @Benchmark
  @OperationsPerInvocation(TRAJECTORIES)
  public Solution solve() {
    return solve.solve(field, trajectories);
  }
}
