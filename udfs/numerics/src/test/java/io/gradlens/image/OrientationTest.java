package io.gradlens.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

  /** Stored: abc over def. Upright as Pillow's ImageOps.exif_transpose gives it. */
  @ParameterizedTest
  @CsvSource({
    "1,3,abcdef", "2,3,cbafed", "3,3,fedcba", "4,3,defabc",
    "5,2,adbecf", "6,2,daebfc", "7,2,fcebda", "8,2,cfbead"
  })
  void everyTagTurnsThePictureUpright(int tag, int width, String upright) {
    PixelImage stored = new PixelImage(3, 2, 1, "abcdef".getBytes());
    PixelImage turned = Orientation.ofExif(tag).apply(stored);
    assertThat(turned.width()).isEqualTo(width);
    assertThat(new String(turned.samples())).isEqualTo(upright);
  }

  @Test
  void channelsStayTogether() {
    PixelImage stored = new PixelImage(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(Orientation.FLIP_LEFT_RIGHT.apply(stored).samples())
        .containsExactly(4, 5, 6, 1, 2, 3);
  }

  @Test
  void tagsOutsideTheStandardAreIgnored() {
    for (long tag : new long[] {-1, 0, 9, 65537}) {
      assertThat(Orientation.ofExif(tag)).isEqualTo(Orientation.AS_STORED);
    }
  }
}
