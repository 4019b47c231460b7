package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulingAdviceTest {

  private static List<String> told(double share, int iterations) {
    SchedulingAdvice advice = new SchedulingAdvice();
    return IntStream.range(0, iterations)
        .mapToObj(i -> advice.afterIteration(share))
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void isGivenOnceWhereSchedulingTakesMostOfTheTime() {
    assertThat(told(0.934, 500))
        .containsExactly(
            "93 % of the time of an iteration is scheduling, not computation; --train-on driver, a larger --batch or --local-steps 10 will be faster.");
    assertThat(told(0.51, 20)).hasSize(1);
  }

  @Test
  void isNotGivenWhereComputationDoes() {
    assertThat(told(0.5, 500)).isEmpty();
  }

  @Test
  void waitsUntilThingsHaveWarmedUp() {
    assertThat(told(0.99, 19)).isEmpty();
  }
}
