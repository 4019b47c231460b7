package io.gradlens.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FitTest {

  private static final ResizeFilter FILTER = ResizeFilter.BILINEAR;

  @Test
  void squashShowsTheWholePicture() {
    PixelImage image = ResamplerTest.seeded(50, 37, 3);
    FittedImage fitted = Fit.SQUASH.apply(image, 22, 24, FILTER);
    assertThat(fitted.image().samples())
        .isEqualTo(Resampler.resize(image, 22, 24, FILTER).samples());
    assertThat(box(fitted)).containsExactly(0, 0, 50, 37);
  }

  @Test
  void centreCropResizesTheShorterSideAndCutsTheMiddle() {
    PixelImage image = ResamplerTest.seeded(500, 375, 3);
    FittedImage fitted = Fit.CENTER_CROP.apply(image, 224, 224, FILTER);
    // 224·500/375 = 298.67, cut to 298; of the surplus of 74 columns 37 go before.
    PixelImage expected = Resampler.resize(image, 298, 224, FILTER).crop(37, 0, 224, 224);
    assertThat(fitted.image().samples()).isEqualTo(expected.samples());
    // 37·500/298 = 62.08 and 261·500/298 = 437.92.
    assertThat(box(fitted)).containsExactly(62, 0, 376, 375);
  }

  @Test
  void centreCropOfATallPictureKeepsItsWidth() {
    PixelImage image = ResamplerTest.seeded(40, 101, 1);
    FittedImage fitted = Fit.CENTER_CROP.apply(image, 20, 20, FILTER);
    // ⌊20·101/40⌋ = 50, surplus 30.
    assertThat(fitted.image().samples())
        .isEqualTo(Resampler.resize(image, 20, 50, FILTER).crop(0, 15, 20, 20).samples());
    assertThat(box(fitted)).containsExactly(0, 30, 40, 41);
  }

  @Test
  void anInputThatIsNotSquareIsCovered() {
    for (int[] size : new int[][] {{30, 50}, {50, 30}, {1, 60}, {60, 1}, {31, 31}, {3, 2}}) {
      PixelImage image = ResamplerTest.seeded(size[0], size[1], 1);
      FittedImage fitted = Fit.CENTER_CROP.apply(image, 32, 18, FILTER);
      assertThat(fitted.image().width()).isEqualTo(32);
      assertThat(fitted.image().height()).isEqualTo(18);
      assertThat(fitted.cropX()).isBetween(0, size[0] - fitted.cropWidth());
      assertThat(fitted.cropY()).isBetween(0, size[1] - fitted.cropHeight());
      assertThat(fitted.cropWidth() == size[0] || fitted.cropHeight() == size[1])
          .as("one side is kept whole of %d x %d", size[0], size[1])
          .isTrue();
    }
  }

  @Test
  void anUnknownFitIsRefusedWithTheChoices() {
    assertThat(Fit.named("center-crop")).isEqualTo(Fit.CENTER_CROP);
    assertThatThrownBy(() -> Fit.named("pad"))
        .hasMessage("Fit 'pad' is not known; choose squash or center-crop.");
  }

  private static int[] box(FittedImage fitted) {
    return new int[] {fitted.cropX(), fitted.cropY(), fitted.cropWidth(), fitted.cropHeight()};
  }
}
