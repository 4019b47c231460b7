package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassNamesTest {

  @Test
  void readsJsonListsTextLinesAndIndexes() {
    var expected = List.of("tench", "goldfish");
    assertThat(ClassNames.parse("[\"tench\", \"goldfish\"]", 2).names()).isEqualTo(expected);
    assertThat(ClassNames.parse("tench\r\n goldfish \n\n", 2).names()).isEqualTo(expected);
    assertThat(ClassNames.parse("{\"1\": \"goldfish\", \"0\": \"tench\"}", 2).names())
        .isEqualTo(expected);
    var keras =
        ClassNames.parse("{\"0\": [\"n01\", \"tench\"], \"1\": [\"n02\", \"goldfish\"]}", 2);
    assertThat(keras.names()).isEqualTo(expected);
    assertThat(keras.indexOfClass("n02")).isEqualTo(1);
  }

  @Test
  void refusesWhatDoesNotNameEveryClass() {
    assertRefused("[\"a\"]", "1 class names", "2 classes");
    assertRefused("{\"0\": \"a\", \"2\": \"b\"}", "index 1");
    assertRefused("[\"a\",", "JSON");
  }

  @Test
  void classIsAnIndexFirstAndALabelANameFirst() {
    var names = new ClassNames(3, List.of("2", "1", "0"), List.of());

    assertThat(names.indexOfClass("2")).isEqualTo(2);
    assertThat(names.indexOfLabel("2")).hasValue(0);
    assertThat(ClassNames.none(3).indexOfLabel("2")).hasValue(2);
    assertThat(ClassNames.none(3).indexOfLabel("3")).isEmpty();
    assertThat(ClassNames.none(3).nameOf(1)).isNull();
  }

  @Test
  void nameOfTwoClassesIsAmbiguous() {
    var names = new ClassNames(3, List.of("crane", "tench", "crane"), List.of("n1", "n2", "n3"));

    assertThatThrownBy(() -> names.indexOfClass("crane"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContainingAll("ambiguous", "0 and 2");
    assertThat(names.indexOfClass("n3")).isEqualTo(2);
  }

  private static void assertRefused(String text, String... words) {
    assertThatThrownBy(() -> ClassNames.parse(text, 2))
        .isInstanceOf(UserInputException.class)
        .hasMessageContainingAll(words);
  }
}
