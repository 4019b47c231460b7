package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.image.PixelImage;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
  private static final PixelImage ROW = new PixelImage(4, 1, 1, new byte[] {1, 2, 3, 4});

  private static PixelImage noise(int width, int height) {
    byte[] samples = new byte[3 * width * height];
    new Random(2).nextBytes(samples);
    return new PixelImage(width, height, 3, samples);
  }

  @Test
  void halfOfThePicturesAreMirrored() {
    Augmentation flip = Augmentation.parse("flip");
    long mirrored =
        LongStream.range(0, 1000)
            .filter(key -> Arrays.equals(flip.apply(ROW, key).samples(), new byte[] {4, 3, 2, 1}))
            .count();
    long kept = LongStream.range(0, 1000).filter(key -> flip.apply(ROW, key) == ROW).count();

    assertThat(mirrored + kept).isEqualTo(1000);
    // Five standard deviations of a fair coin.
    assertThat(mirrored).isBetween(420L, 580L);
  }

  @Test
  void shiftsRepeatTheEdgeAndReachAllOffsets() {
    Augmentation shift = Augmentation.parse("shift:1");
    assertThat(
            LongStream.range(0, 100)
                .mapToObj(key -> Arrays.toString(shift.apply(ROW, key).samples()))
                .distinct())
        .containsExactlyInAnyOrder("[1, 2, 3, 4]", "[1, 1, 2, 3]", "[2, 3, 4, 4]");
  }

  @Test
  void cropsKeepTheSizeAndShowAPart() {
    Augmentation crop = Augmentation.parse("crop:0.5");
    PixelImage picture = noise(9, 7);
    for (long key = 0; key < 50; key++) {
      PixelImage cropped = crop.apply(picture, key);
      assertThat(cropped.width()).isEqualTo(9);
      assertThat(cropped.height()).isEqualTo(7);
    }
    assertThat(crop.apply(picture, 1).samples()).isNotEqualTo(crop.apply(picture, 2).samples());
  }

  @Test
  void theKeyAloneDecides() {
    Augmentation all = Augmentation.parse("flip, crop:0.7, shift:3");
    for (long key = 0; key < 20; key++) {
      assertThat(all.apply(noise(8, 8), key).samples())
          .isEqualTo(all.apply(noise(8, 8), key).samples());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "flip", "flip,crop:0.8,shift:4", "shift:2"})
  void isWrittenAsItIsRead(String text) {
    assertThat(Augmentation.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "turn", "crop", "crop:2", "shift:-1", "shift:x", "flip,none"})
  void whatIsNotKnownIsRefused(String text) {
    assertThatThrownBy(() -> Augmentation.parse(text))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("flip,shift:4");
  }
}
