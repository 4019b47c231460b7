package io.gradlens.benchmarks;

import io.gradlens.ode.adjoint.Gradients;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * From the start of the JVM to the first gradient of the spiral demo: class loading, the compiler's
 * warm-up of the vector kernels, the true spiral and the gradient, all of it interpreted at first.
 *
 * <p>Prints milliseconds since the start of the JVM when the first gradient is there, and what the
 * second, tenth, hundredth and thousandth take.
 */
public final class ColdStart {
  private static final int RUNS = 1000;

  private ColdStart() {}

  /** Takes no arguments; see the class. */
  public static void main(String[] args) throws IOException {
    Supplier<Gradients> gradient = GradientProblem.named("spiral20").gradient("discrete");
    double loss = gradient.get().loss();
    long now = System.currentTimeMillis();
    // Asked for only now: loading the management classes takes time too.
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    System.out.printf(
        Locale.ROOT, "first gradient %d ms after the JVM's start (loss %.6f)%n", now - start, loss);
    for (int run = 2; run <= RUNS; run++) {
      long before = System.nanoTime();
      gradient.get();
      long nanos = System.nanoTime() - before;
      if (run == 2 || run == 10 || run == 100 || run == RUNS) {
        System.out.printf(Locale.ROOT, "gradient %d: %.2f ms%n", run, nanos / 1e6);
      }
    }
  }
}
