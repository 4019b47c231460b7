package io.gradlens.udf;

import io.gradlens.image.PixelImage;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.UserInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Stands in for the decoder and the model loader until they are merged. */
final class PendingEngine {
  private PendingEngine() {}

  static ProbedModel load(Path file) {
    throw new UserInputException("Model file " + file + " is of no known kind.");
  }

  static PixelImage decode(byte[] bytes, long maxPixels, boolean applyExif) throws ImageFailure {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw new IOException("Not an image");
      }
      if ((long) image.getWidth() * image.getHeight() > maxPixels) {
        throw new ImageFailure("size", Digests.sha256(bytes), "TooLarge", "too many pixels");
      }
      byte[] samples = new byte[image.getWidth() * image.getHeight() * 3];
      for (int i = 0; i < samples.length / 3; i++) {
        int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
        samples[3 * i] = (byte) (rgb >> 16);
        samples[3 * i + 1] = (byte) (rgb >> 8);
        samples[3 * i + 2] = (byte) rgb;
      }
      return new PixelImage(image.getWidth(), image.getHeight(), 3, samples);
    } catch (IOException e) {
      throw ImageFailure.of("decode", Digests.sha256(bytes), e);
    }
  }

  static float[] input(Preprocessing p, PixelImage image) {
    float[] input = new float[image.samples().length];
    int c = image.channels();
    for (int i = 0; i < input.length; i++) {
      int k = i % c;
      double mean = p.mean().get(p.mean().size() == 1 ? 0 : k);
      double std = p.std().get(p.std().size() == 1 ? 0 : k);
      int source = p.channelOrder() == Preprocessing.ChannelOrder.BGR ? i - k + c - 1 - k : i;
      input[i] = (float) (((image.samples()[source] & 0xff) * p.scale() - mean) / std);
    }
    return input;
  }
}
