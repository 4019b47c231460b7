package io.gradlens.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelImageTest {

  @Test
  void greyIsPillowsLuma() {
    byte[] rgb = {(byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, 10, 20, 30, -1, -1, -1};
    // Pillow 9.4: Image.convert("L") of the same five pixels.
    assertThat(new PixelImage(5, 1, 3, rgb).toGrey().samples())
        .containsExactly(76, (byte) 150, 29, 18, (byte) 255);
  }

  @Test
  void colourOfGreyIsTheSameValueThreeTimes() {
    assertThat(new PixelImage(2, 1, 1, new byte[] {7, -3}).toRgb().samples())
        .containsExactly(7, 7, 7, -3, -3, -3);
  }

  @Test
  void aCropOutsideThePictureIsRefused() {
    PixelImage image = ResamplerTest.seeded(10, 8, 3);
    assertThat(image.crop(9, 7, 1, 1).samples()).hasSize(3);
    assertThatThrownBy(() -> image.crop(5, 0, 6, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot crop 6 x 8 at (5, 0) from a picture of 10 x 8");
  }

  @Test
  void samplesThatDoNotFillThePictureAreRefused() {
    assertThatThrownBy(() -> new PixelImage(3, 2, 3, new byte[17]))
        .hasMessage("A PixelImage of 3 x 2 x 3 cannot have 17 samples");
    assertThatThrownBy(() -> new PixelImage(3, 2, 4, new byte[24]))
        .hasMessage("A PixelImage has 1 or 3 channels, got 4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void pngKeepsEverySample(int channels) throws IOException {
    PixelImage image = ResamplerTest.seeded(13, 9, channels);
    Raster raster = ImageIO.read(new ByteArrayInputStream(image.toPng())).getRaster();
    assertThat(raster.getNumBands()).isEqualTo(channels);
    int[] read = raster.getPixels(0, 0, 13, 9, (int[]) null);
    for (int i = 0; i < read.length; i++) {
      assertThat(read[i]).isEqualTo(image.samples()[i] & 0xff);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void jpegIsSmallAndCloseToThePicture(int channels) throws IOException {
    byte[] samples = new byte[64 * 48 * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (60 + 2 * (i / channels % 64));
    }
    byte[] file = new PixelImage(64, 48, channels, samples).toJpeg();

    Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
    assertThat(raster.getNumBands()).isEqualTo(channels);
    int[] read = raster.getPixels(0, 0, 64, 48, (int[]) null);
    for (int i = 0; i < read.length; i++) {
      assertThat(read[i]).isCloseTo(samples[i] & 0xff, within(6));
    }
    assertThat(file.length).isLessThan(samples.length / 2);
  }
}
