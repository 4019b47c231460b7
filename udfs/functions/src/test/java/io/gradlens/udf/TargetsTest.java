package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

  private static final ClassNames NAMES = new ClassNames(4, List.of("a", "b", "c", "d"), List.of());

  @Test
  void classesOfAnImageAreDistinct() {
    Targets targets = Targets.resolve(TargetSpec.parse("top1, top2,class:c,class:2,label"), NAMES);

    assertThat(targets.width()).isEqualTo(4);
    assertThat(targets.of(new int[] {3, 0, 1, 2}, 1)).containsExactly(3, 0, 2, 1);
    assertThat(targets.of(new int[] {2, 1, 0, 3}, 1)).containsExactly(2, 1);
    assertThat(targets).hasToString("top2,class:2,label");
  }

  @Test
  void completenessAsksForEveryRankAndClass() {
    Targets targets = Targets.resolve(TargetSpec.parse("top2,class:a,label"), NAMES);

    assertThat(targets.areIn(Set.of(1, 2), Set.of(0, 1), 1)).isTrue();
    assertThat(targets.areIn(Set.of(1), Set.of(0, 1), 1)).isFalse();
    assertThat(targets.areIn(Set.of(1, 2), Set.of(1, 2), 1)).isFalse();
    assertThat(targets.areIn(Set.of(1, 2), Set.of(0, 2), 1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "top", "top0", "top-1", "Top1", "class:", "labels", "top1,best"})
  void otherWordsAreRefused(String text) {
    assertThatThrownBy(() -> TargetSpec.parse(text))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("class:NAME");
  }
}
