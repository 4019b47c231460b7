package io.gradlens.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Small files of black pictures in colour that are large once they are decoded. */
final class HugePng {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private HugePng() {}

  static byte[] of(int width, int height) throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(SIGNATURE);
    var header = new ByteArrayOutputStream();
    var fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    // 8 bits a sample, RGB, and the only ways there are to compress, filter and interlace.
    fields.write(new byte[] {8, 2, 0, 0, 0});
    chunk(file, "IHDR", header.toByteArray());
    chunk(file, "IDAT", pixels(width, height));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static byte[] pixels(int width, int height) throws IOException {
    var compressed = new ByteArrayOutputStream();
    byte[] row = new byte[1 + 3 * width];
    try (var out = new DeflaterOutputStream(compressed, new Deflater(Deflater.BEST_SPEED))) {
      for (int y = 0; y < height; y++) {
        out.write(row);
      }
    }
    return compressed.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content)
      throws IOException {
    var body = new ByteArrayOutputStream();
    body.write(type.getBytes(StandardCharsets.US_ASCII));
    body.write(content);
    var crc = new CRC32();
    crc.update(body.toByteArray());
    var out = new DataOutputStream(file);
    out.writeInt(content.length);
    out.write(body.toByteArray());
    out.writeInt((int) crc.getValue());
  }
}
