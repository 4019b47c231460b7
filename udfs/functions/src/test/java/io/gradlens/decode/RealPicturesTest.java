package io.gradlens.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gradlens.decode.ImageDecoder.Exif;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Photographs as they come; skipped where the folder of real material is missing. */
class RealPicturesTest {

  private final Path images =
      Optional.ofNullable(System.getenv("GRADLENS_REAL_DATA"))
          .map(Path::of)
          .orElseGet(
              () ->
                  Path.of(Objects.toString(System.getProperty("gradlens.root"), "."))
                      .toAbsolutePath()
                      .resolveSibling("shared/real"))
          .resolve("images");

  @BeforeEach
  void needsRealMaterial() {
    assumeTrue(Files.isDirectory(images), "skipped: no real pictures at " + images);
  }

  @Test
  void everyPhotographEqualsPillowToTheBitAndTruncatedOnesFail() throws IOException {
    List<String> lines =
        ImageDecoderTest.text("real-pictures.csv")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines).hasSize(120);
    var decoder = new ImageDecoder();
    for (String line : lines) {
      String[] expected = line.split(",");
      byte[] file = Files.readAllBytes(images.resolve(expected[0]));
      if (expected[3].equals("truncated")) {
        assertThatThrownBy(() -> decoder.decode(file))
            .as(line)
            .isInstanceOf(UnreadableImageException.class)
            .hasMessageContaining("truncated");
      } else {
        DecodedImage decoded = decoder.decode(file);
        assertThat(decoded.fileWidth() + "," + decoded.fileHeight())
            .as(line)
            .isEqualTo(expected[1] + "," + expected[2]);
        assertThat(ImageDecoderTest.crc(decoded.pixels())).as(line).isEqualTo(expected[3]);
      }
    }
  }

  @Test
  void aRotatedPhotographIsTurnedOnRequest() throws IOException {
    byte[] file = Files.readAllBytes(images.resolve("imagenet/n02951585_can_opener.JPEG"));
    var upright = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, Exif.APPLY).decode(file);
    assertThat(upright.pixels().width()).isEqualTo(294);
    assertThat(upright.pixels().height()).isEqualTo(392);
    assertThat(upright.fileWidth()).isEqualTo(392);
  }
}
