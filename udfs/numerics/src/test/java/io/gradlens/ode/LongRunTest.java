package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gradlens.ode.field.ClassicalSystems;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps cost time and nothing else. */
class LongRunTest {
  private static final double PERIOD = 2 * Math.PI;

  private static final double[] START = {1, 0};

  private static VectorField oscillator() {
    return ClassicalSystems.LINEAR.field(0, 1, -1, 0);
  }

  static Stream<ButcherTableau> explicitMethods() {
    return Arrays.stream(Tableaus.values())
        .map(Tableaus::tableau)
        .filter(tableau -> tableau.gamma() == 0);
  }

  /** Two million steps at a tolerance of 1e-11 lose less than half of the digits. */
  @Test
  void anOscillatorIsFollowedOverAHundredThousandPeriods() {
    Solution solved =
        OdeSolve.with(Tableaus.DOP853.tableau(), StepSizeController.adaptive(1e-11, 1e-11))
            .saveAt(SaveAt.T1)
            .maxSteps(10_000_000)
            .solve(oscillator(), Trajectories.of(2, START, 0, 1e5 * PERIOD));
    assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
    assertThat(solved.stepsAccepted(0)).isGreaterThan(1_000_000);
    assertThat(Math.hypot(solved.y(0, 0, 0) - 1, solved.y(0, 0, 1))).isLessThan(5e-5);
  }

  /** Nothing is kept of a step, and nothing thrown away. */
  @ParameterizedTest
  @MethodSource("explicitMethods")
  void stepsAllocateNothing(ButcherTableau tableau) {
    for (StepControl control : StepControl.values()) {
      OdeSolve how =
          OdeSolve.with(tableau, StepSizeController.fixed(.05))
              .saveAt(SaveAt.T1)
              .stepControl(control);
      assertAllocates(how, 1000, 2000, tableau + " " + control);
      if (tableau.estimates() > 0) {
        OdeSolve adaptive = how.controller(StepSizeController.adaptive(1e-6, 1e-6));
        assertAllocates(adaptive, 50, 500, tableau + " " + control + ", adaptive");
      }
    }
  }

  private static void assertAllocates(OdeSolve how, double few, double many, String where) {
    double h = how.controller().isFixed() ? .05 : PERIOD;
    long least = Long.MAX_VALUE;
    // As often as it takes the compiler to see that an iterator does not escape.
    for (int attempt = 0; attempt < 60 && least > 1024; attempt++) {
      long base = allocated(how, few * h);
      least = Math.min(least, Math.abs(allocated(how, many * h) - base));
    }
    assertThat(least).as("bytes more in %s", where).isLessThanOrEqualTo(1024);
  }

  private static long allocated(OdeSolve how, double end) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    VectorField field = oscillator();
    Trajectories trajectories = Trajectories.of(2, START, 0, end);
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    Solution solved = how.solve(field, trajectories);
    long after = threads.getThreadAllocatedBytes(id);
    assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
    return after - before;
  }
}
