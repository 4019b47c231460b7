package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.image.PixelImage;
import io.gradlens.model.Preprocessing.ChannelOrder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {

  /** CRC-32 of NumPy 1.24's float32 (big endian) for the 256 greys, by Keras' own operations. */
  @ParameterizedTest
  @CsvSource({
    "tf,48ddc80e",
    "torch,7f98ca35",
    "caffe,b225ed81",
    "unit,ff157d4f",
    "identity,99993b9f"
  })
  void presetsEqualKerasToTheBit(String preset, String crc) {
    assertThat(crc(Preprocessing.preset(preset).apply(greys(), 3))).isEqualTo(crc);
  }

  @Test
  void explicitNumbersForOneChannelEqualNumPyToTheBit() {
    // (x/255 - 0.5)·2
    var preprocessing = new Preprocessing(ChannelOrder.RGB, 1 / 255.0, List.of(.5), List.of(.5));
    assertThat(crc(preprocessing.apply(greys(), 1))).isEqualTo("8dd15854");
  }

  @Test
  void meanAndStdFollowTheNetworksOrderOfColours() {
    PixelImage pixel = new PixelImage(1, 1, 3, new byte[] {10, 20, 30});
    var bgr = new Preprocessing(ChannelOrder.BGR, 2, List.of(1., 2., 3.), List.of(1., 2., 4.));
    assertThat(bgr.apply(pixel, 3)).containsExactly(59f, 19f, 4.25f);
    var rgb = new Preprocessing(ChannelOrder.RGB, 2, List.of(1., 2., 3.), List.of(1., 2., 4.));
    assertThat(rgb.apply(pixel, 3)).containsExactly(19f, 19f, 14.25f);
  }

  @Test
  void aGreyNetworkGetsTheLumaOfAColouredPicture() {
    PixelImage pixels = new PixelImage(2, 1, 3, new byte[] {10, 20, 30, -1, 0, 0});
    assertThat(Preprocessing.preset("identity").apply(pixels, 1)).containsExactly(18f, 76f);
  }

  @Test
  void aPictureIsWrittenToItsPlaceInTheBatch() {
    float[] batch = new float[8];
    PixelImage pixel = new PixelImage(1, 1, 3, new byte[] {1, 2, 3});
    Preprocessing.preset("identity").apply(pixel, 3, batch, 3);
    assertThat(batch).containsExactly(0, 0, 0, 1, 2, 3, 0, 0);
  }

  @Test
  void channelsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Preprocessing.preset("caffe").apply(greys(), 1))
        .isInstanceOf(UserInputException.class)
        .hasMessage("The network takes in 1 channel; mean and std take 1 value then, got 3 and 1.");
    assertThatThrownBy(() -> Preprocessing.preset("unit").apply(greys(), 4))
        .hasMessage("Pictures have 1 or 3 channels; the network takes in 4.");
  }

  private static PixelImage greys() {
    byte[] samples = new byte[256];
    for (int i = 0; i < 256; i++) {
      samples[i] = (byte) i;
    }
    return new PixelImage(256, 1, 1, samples);
  }

  private static String crc(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes.array());
    return "%08x".formatted(crc.getValue());
  }
}
