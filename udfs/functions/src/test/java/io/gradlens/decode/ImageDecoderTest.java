package io.gradlens.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradlens.UserInputException;
import io.gradlens.decode.ImageDecoder.Exif;
import io.gradlens.image.Orientation;
import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  private final ImageDecoder decoder = new ImageDecoder();

  static List<String> pictures() throws IOException {
    return text("pictures/pictures.csv").lines().filter(line -> !line.startsWith("#")).toList();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void pixelsEqualPillowsToTheBit(String line) throws IOException {
    String[] expected = line.split(",");
    DecodedImage decoded = decoder.decode(picture(expected[0]));
    assertThat(decoded.fileWidth()).isEqualTo(Integer.parseInt(expected[1]));
    assertThat(decoded.fileHeight()).isEqualTo(Integer.parseInt(expected[2]));
    assertThat(crc(decoded.pixels())).isEqualTo(expected[3]);
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void aFileCutAnywhereFailsOrLostNothingThatIsShown(String line) throws IOException {
    String name = line.split(",")[0];
    byte[] file = picture(name);
    byte[] whole = decoder.decode(file).pixels().samples();
    for (int length = 1; length < file.length; length += length < file.length - 12 ? 9 : 1) {
      byte[] cut = Arrays.copyOf(file, length);
      try {
        byte[] samples = decoder.decode(cut).pixels().samples();
        // Frames and notes behind the first picture may be missing.
        assertThat(name).as("%d of %d bytes", length, file.length).matches(".*\\.(gif|tiff)");
        assertThat(samples).as("%s, %d of %d bytes", name, length, file.length).isEqualTo(whole);
      } catch (UnreadableImageException e) {
        assertThat(e.stage()).isEqualTo("decode");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grey.jpg", "grey.png", "grey-alpha.png", "grey16.png", "grey16.tiff"})
  void greyStaysGrey(String name) throws IOException {
    assertThat(decoder.decode(picture(name)).pixels().channels()).isEqualTo(1);
  }

  @Test
  void anEmptyFileIsRefused() {
    assertRefused(new byte[0], "decode", "The file is empty (0 bytes)");
  }

  @Test
  void whatIsNoPictureIsRefusedWithItsFirstBytes() {
    assertRefused(
        "<html><body>Not found".getBytes(StandardCharsets.UTF_8),
        "decode",
        "Not a picture: 21 bytes that start with 3c68746d6c3e3c626f64793e;"
            + " JPEG, PNG, GIF, BMP, TIFF and WebP are read");
  }

  @ParameterizedTest
  @CsvSource({
    // Where the big-endian or little-endian dimensions stand.
    "rgb.png, 16, 4, true, 40000, 50000",
    "rgb.bmp, 18, 4, false, 40000, 50000",
    "palette.gif, 6, 2, false, 40000, 50000",
  })
  void aGigapixelClaimIsRefusedBeforeItIsAllocated(
      String name, int at, int bytes, boolean bigEndian, int width, int height) throws IOException {
    byte[] file = picture(name);
    ByteBuffer buffer =
        ByteBuffer.wrap(file).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (bytes == 4) {
      buffer.putInt(at, width).putInt(at + 4, height);
    } else {
      buffer.putShort(at, (short) width).putShort(at + 2, (short) height);
    }
    assertRefused(
        file,
        "size",
        "The file declares 40000 x 50000 = 2000000000 pixels, the limit is 100000000");
  }

  @Test
  void aGigapixelJpegIsRefusedEvenIfTruncated() throws IOException {
    byte[] file = picture("subsampling2.jpg");
    int frame = indexOf(file, 0xff, 0xc0);
    ByteBuffer.wrap(file).putShort(frame + 5, (short) 50000).putShort(frame + 7, (short) 40000);
    assertRefused(Arrays.copyOf(file, 700), "size", "The file declares 40000 x 50000 = ");
  }

  @Test
  void theLimitIsInclusive() throws IOException {
    byte[] file = picture("rgb.png");
    assertThat(new ImageDecoder(21 * 13, Exif.IGNORE).decode(file).fileWidth()).isEqualTo(21);
    var tight = new ImageDecoder(21 * 13 - 1, Exif.IGNORE);
    assertThatThrownBy(() -> tight.decode(file))
        .hasMessage("The file declares 21 x 13 = 273 pixels, the limit is 272");
    assertThatThrownBy(() -> new ImageDecoder(0, Exif.IGNORE))
        .isInstanceOf(UserInputException.class);
  }

  @Test
  void bytesBehindTheEndOfTheImageAreIgnored() throws IOException {
    byte[] file = picture("subsampling2.jpg");
    byte[] padded = Arrays.copyOf(file, file.length + 4096);
    assertThat(decoder.decode(padded).pixels().samples())
        .isEqualTo(decoder.decode(file).pixels().samples());
  }

  @Test
  void theEndOfAThumbnailIsNotTheEndOfTheImage() throws IOException {
    byte[] thumbnail = picture("grey.jpg");
    byte[] file = withSegment(picture("subsampling2.jpg"), 0xe1, thumbnail);
    assertThat(decoder.decode(file).pixels().channels()).isEqualTo(3);
    assertRefused(
        Arrays.copyOf(file, file.length - 2),
        "decode",
        "The JPEG file is truncated: no end-of-image marker in its %d bytes"
            .formatted(file.length - 2));
  }

  @Test
  void aBrokenColourProfileDoesNotSpoilAJpeg() throws IOException {
    byte[] file = picture("subsampling2.jpg");
    byte[] profile = "ICC_PROFILE\0\7\3 not a profile".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(decoder.decode(withSegment(file, 0xe2, profile)).pixels().samples())
        .isEqualTo(decoder.decode(file).pixels().samples());
  }

  @Test
  void damagedPngDataFail() throws IOException {
    byte[] file = picture("rgb.png");
    file[file.length / 2] ^= 1;
    assertRefused(
        file, "decode", "The PNG file is corrupt: wrong checksum in the chunk at byte 33");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void exifOrientationIsAppliedOnRequestOnly(int tag) throws IOException {
    byte[] plain = picture("subsampling0.jpg");
    PixelImage stored = decoder.decode(plain).pixels();
    PixelImage upright = Orientation.ofExif(tag).apply(stored);
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      byte[] file = withSegment(plain, 0xe1, exif(tag, order));
      assertThat(decoder.decode(file).pixels().samples()).isEqualTo(stored.samples());
      DecodedImage applied =
          new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, Exif.APPLY).decode(file);
      assertThat(applied.pixels().width()).isEqualTo(tag < 5 ? 21 : 13);
      assertThat(applied.pixels().samples()).isEqualTo(upright.samples());
      assertThat(applied.fileWidth()).as("of the file, not the picture").isEqualTo(21);
    }
  }

  @Test
  void aBrokenExifBlockIsIgnored() throws IOException {
    byte[] plain = picture("subsampling0.jpg");
    byte[] stored = decoder.decode(plain).pixels().samples();
    byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);
    var applying = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, Exif.APPLY);
    for (int length = 0; length < exif.length - 4; length++) {
      byte[] file = withSegment(plain, 0xe1, Arrays.copyOf(exif, length));
      assertThat(applying.decode(file).pixels().samples()).isEqualTo(stored);
    }
  }

  private void assertRefused(byte[] file, String stage, String message) {
    var refused = catchThrowableOfType(UnreadableImageException.class, () -> decoder.decode(file));
    assertThat(refused).hasMessageStartingWith(message);
    assertThat(refused.stage()).isEqualTo(stage);
  }

  /** An EXIF segment's content with one tag, the orientation. */
  private static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer block = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4);
    block.put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
    block.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    block.order(order).putShort((short) 42).putInt(8).putShort((short) 1);
    block.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return block.array();
  }

  /** A JPEG file with a segment behind its start. */
  private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    return ByteBuffer.allocate(jpeg.length + 4 + content.length)
        .put(jpeg, 0, 2)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) (content.length + 2))
        .put(content)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  private static int indexOf(byte[] bytes, int first, int second) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == (byte) first && bytes[i + 1] == (byte) second) {
        return i;
      }
    }
    throw new AssertionError("no bytes %02x %02x".formatted(first, second));
  }

  static String crc(PixelImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.toRgb().samples());
    return "%08x".formatted(crc.getValue());
  }

  private static byte[] picture(String name) throws IOException {
    return resource("pictures/" + name);
  }

  static String text(String name) throws IOException {
    return new String(resource(name), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageDecoderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
