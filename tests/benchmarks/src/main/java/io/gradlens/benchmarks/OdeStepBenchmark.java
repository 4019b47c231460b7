package io.gradlens.benchmarks;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.VectorField;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.nn.Mlp;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Steps a second of one trajectory, and what a step allocates: nothing. One trajectory fills the
 * eight lanes of a vector; eight take as long.
 *
 * <p>To be run with {@code -prof gc}, which divides the bytes of an invocation by its operations,
 * here one solve by its 500,000 steps. A solve's own arrays, some twenty thousand bytes however
 * long it is, make {@code gc.alloc.rate.norm} a few hundredths of a byte; a step that allocated
 * anything would add 16 bytes, the size of the smallest object, or more.
 *
 * <p>Steps are adaptive, with error estimates and step sizes computed, but held at a largest size
 * that all tolerances grant, so that their number is known.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Threads(1)
@Fork(1)
public class OdeStepBenchmark {
  private static final int STEPS = 500_000;
  private static final double SIZE = 1e-3;

  @Param({"lotka-volterra", "spiral-formula", "spiral-net"})
  private String field;

  @Param({"dopri5", "dop853", "kvaerno5"})
  private String solver;

  private VectorField system;
  private OdeSolve solve;
  private Trajectories trajectories;

  /** Makes the problem. */
  @Setup
  public void make() {
    system =
        switch (field) {
          case "lotka-volterra" -> ClassicalSystems.LOTKA_VOLTERRA.field(1.5, 1, 1, 3);
          case "spiral-formula" -> Spiral.field();
          default -> new Mlp(Spiral.NET, Spiral.NET.normal(0.1, 0));
        };
    StepSizeController bounded = StepSizeController.adaptive(1e-3, 1e-3).withFirstStep(SIZE);
    solve =
        OdeSolve.with(Tableaus.named(solver), bounded.withBounds(0, SIZE))
            .saveAt(SaveAt.T1)
            .maxSteps(2 * STEPS);
    trajectories = Trajectories.of(2, new double[] {1, 1}, 0, STEPS * SIZE);
    int steps = solve.solve(system, trajectories).stepsAccepted(0);
    if (Math.abs(steps - STEPS) > 1) {
      throw new IllegalStateException("Expected %d steps, got %d.".formatted(STEPS, steps));
    }
  }

  /** One trajectory. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public Solution step() {
    return solve.solve(system, trajectories);
  }
}
