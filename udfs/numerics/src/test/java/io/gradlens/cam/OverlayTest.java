package io.gradlens.cam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.image.PixelImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OverlayTest {

  private static final PixelImage GREY =
      new PixelImage(2, 2, 1, new byte[] {0, 100, (byte) 200, (byte) 255});

  @ParameterizedTest
  @CsvSource({
    "JET,0,000080",
    "JET,0.375,01fffe",
    "JET,1,800000",
    "TURBO,0,30123b",
    "TURBO,1,7a0403",
    "VIRIDIS,0,440154",
    "VIRIDIS,1,fde725",
    "INFERNO,0,000004",
    "INFERNO,1,fcffa4"
  })
  void coloursAreThePublishedOnes(Colormap colormap, double value, String hex) {
    assertThat("%06x".formatted(colormap.rgb(value))).isEqualTo(hex);
  }

  @ParameterizedTest
  @EnumSource(Colormap.class)
  void valuesOutsideAreClampedAndNeighboursAreNear(Colormap colormap) {
    assertThat(colormap.rgb(-3)).isEqualTo(colormap.rgb(0));
    assertThat(colormap.rgb(7)).isEqualTo(colormap.rgb(1));
    assertThat(colormap.rgb(Double.NaN)).isEqualTo(colormap.rgb(0));
    for (int i = 1; i < 256; i++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        int before = colormap.rgb((i - 1) / 255.0) >> shift & 0xff;
        int after = colormap.rgb(i / 255.0) >> shift & 0xff;
        assertThat(Math.abs(after - before)).as("step to %d", i).isLessThanOrEqualTo(12);
      }
    }
  }

  @Test
  void theHeatmapIsColouredRelativeToItsMaximum() {
    var overlay = new Overlay(Colormap.VIRIDIS, Upsampling.BILINEAR, 1);
    byte[] colours = overlay.blend(GREY, new float[] {0, 3, -9, 1.5f}, 2, 2).samples();
    int[] expected = {
      Colormap.VIRIDIS.rgb(0),
      Colormap.VIRIDIS.rgb(1),
      Colormap.VIRIDIS.rgb(0),
      Colormap.VIRIDIS.rgb(.5)
    };
    for (int i = 0; i < 4; i++) {
      assertThat(rgb(colours, i)).as("pixel %d", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void blendingWeighsPictureAndColourByAlpha() {
    var overlay = new Overlay(Colormap.JET, Upsampling.BILINEAR, 0.25);
    PixelImage blend = overlay.blend(GREY, new float[] {1}, 1, 1);
    // jet(1) = (128, 0, 0): ¾·100 + ¼·128 = 107, ¾·100 = 75.
    assertThat(rgb(blend.samples(), 1)).isEqualTo(107 << 16 | 75 << 8 | 75);
  }

  @ParameterizedTest
  @EnumSource(Upsampling.class)
  void aZeroMapGivesThePictureUnderOneTint(Upsampling upsampling) {
    PixelImage plain = new PixelImage(3, 2, 1, new byte[] {100, 100, 100, 100, 100, 100});
    PixelImage blend = new Overlay(Colormap.JET, upsampling, 0.5).blend(plain, new float[4], 2, 2);
    for (int i = 0; i < 6; i++) {
      // jet(0) = (0, 0, 128).
      assertThat(rgb(blend.samples(), i)).isEqualTo(50 << 16 | 50 << 8 | 114);
    }
  }

  @Test
  void sideBySideHasThePictureOnTheLeft() {
    float[] heatmap = {0, 1, 2, 3};
    PixelImage both = Overlay.DEFAULT.sideBySide(GREY, heatmap, 2, 2);
    assertThat(both.width()).isEqualTo(4);
    assertThat(both.height()).isEqualTo(2);
    assertThat(both.crop(0, 0, 2, 2).samples()).isEqualTo(GREY.toRgb().samples());
    assertThat(both.crop(2, 0, 2, 2).samples())
        .isEqualTo(Overlay.DEFAULT.blend(GREY, heatmap, 2, 2).samples());
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> new Overlay(Colormap.JET, Upsampling.ZOOM3, 1.5))
        .hasMessage("Alpha must be from 0 to 1, got 1.5");
    assertThatThrownBy(() -> Colormap.named("hot"))
        .hasMessage("Colormap 'hot' is not known; choose jet, turbo, viridis or inferno.");
  }

  private static int rgb(byte[] samples, int pixel) {
    return (samples[3 * pixel] & 0xff) << 16
        | (samples[3 * pixel + 1] & 0xff) << 8
        | samples[3 * pixel + 2] & 0xff;
  }
}
