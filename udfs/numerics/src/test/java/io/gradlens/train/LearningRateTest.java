package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void schedulesAreTheirFormulas() {
    assertThat(LearningRate.constant(.5).at(1000)).isEqualTo(.5);
    LearningRate step = LearningRate.step(.8, 10, .5);
    assertThat(step.at(9)).isEqualTo(.8);
    assertThat(step.at(10)).isEqualTo(.4);
    assertThat(step.at(29)).isEqualTo(.2);
    assertThat(LearningRate.exponential(1, .9).at(3)).isCloseTo(.729, within(1e-15));
    LearningRate cosine = LearningRate.cosine(2, 100);
    assertThat(cosine.at(0)).isEqualTo(2);
    assertThat(cosine.at(50)).isCloseTo(1, within(1e-15));
    assertThat(cosine.at(100)).isEqualTo(0);
    assertThat(cosine.at(200)).isEqualTo(0);
  }

  @Test
  void warmUpRisesToTheScheduleAndLeavesItAlone() {
    LearningRate warm = LearningRate.step(.8, 10, .5).warmUp(4);
    assertThat(warm.at(0)).isEqualTo(.2);
    assertThat(warm.at(3)).isEqualTo(.8);
    assertThat(warm.at(12)).isEqualTo(.4);
    assertThat(LearningRate.constant(1).warmUp(0).at(0)).isEqualTo(1);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> LearningRate.constant(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> LearningRate.step(1, 0, .5)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> LearningRate.constant(1).warmUp(-1)).hasMessageContaining("-1");
  }
}
