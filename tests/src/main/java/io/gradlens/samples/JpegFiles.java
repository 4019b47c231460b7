package io.gradlens.samples;

import io.gradlens.image.PixelImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as the bytes of JPEG files, whole and broken, by the JDK's own encoder. */
final class JpegFiles {

  private static final float JPEG_QUALITY = 0.9f;

  /** Orientation 6: to be shown turned by 90 degrees clockwise. One big-endian TIFF directory. */
  private static final byte[] EXIF_ORIENTATION_6 = {
    (byte) 0xFF,
    (byte) 0xE1,
    0,
    34, // APP1 and its length
    'E',
    'x',
    'i',
    'f',
    0,
    0, // what it holds
    'M',
    'M',
    0,
    42,
    0,
    0,
    0,
    8, // TIFF, directory at 8
    0,
    1, // one entry:
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    6,
    0,
    0, // tag 0x0112, one short, 6
    0,
    0,
    0,
    0 // no further directory
  };

  private JpegFiles() {}

  /** A baseline JPEG; one channel for a grey picture. */
  static byte[] jpeg(PixelImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(JPEG_QUALITY);
      writer.write(null, new IIOImage(buffered(image), null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a JPEG to memory", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /**
   * A JPEG as a camera held sideways writes it: the Exif segment stands where JFIF's was, and tells
   * the viewer to turn the picture by 90 degrees clockwise.
   */
  static byte[] sidewaysJpeg(PixelImage image) {
    byte[] jpeg = jpeg(image);
    int jfif = 2 + 2 + ((jpeg[4] & 0xFF) << 8 | jpeg[5] & 0xFF);
    if ((jpeg[3] & 0xFF) != 0xE0) {
      throw new IllegalStateException("Expected a JFIF segment after the start of the JPEG.");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    bytes.writeBytes(EXIF_ORIENTATION_6);
    bytes.write(jpeg, jfif, jpeg.length - jfif);
    return bytes.toByteArray();
  }

  /** The first part of a file, as a broken transfer leaves it. */
  static byte[] truncated(byte[] file) {
    return Arrays.copyOf(file, file.length * 3 / 5);
  }

  private static BufferedImage buffered(PixelImage image) {
    boolean grey = image.channels() == 1;
    BufferedImage buffered =
        new BufferedImage(
            image.width(),
            image.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    int[] samples = new int[image.samples().length];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = image.samples()[n] & 0xFF;
    }
    buffered.getRaster().setPixels(0, 0, image.width(), image.height(), samples);
    return buffered;
  }
}
