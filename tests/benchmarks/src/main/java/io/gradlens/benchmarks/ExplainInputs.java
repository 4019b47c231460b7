package io.gradlens.benchmarks;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * What benchmarks of {@code explain} are given: a model, {@code vgg19} or a file that stores its
 * preprocessing, and pictures, {@code 400} that are drawn (500x375 JPEG) or {@code cifar:60000} of
 * {@link CifarPictures}. What has to be made is made once.
 */
final class ExplainInputs {

  static final String VGG19 = "vgg19";

  private static final String CIFAR = "cifar:";

  private ExplainInputs() {}

  /**
   * @param folder for what is made
   */
  static Path model(Path folder, String argument) throws IOException {
    return argument.equals(VGG19) ? Vgg19.file(folder) : Path.of(argument);
  }

  /**
   * @param folder for what is made
   */
  static Path pictures(Path folder, String argument) throws IOException {
    if (argument.startsWith(CIFAR)) {
      return CifarPictures.folder(folder, Integer.parseInt(argument.substring(CIFAR.length())));
    }
    return draw(folder.resolve("pictures-" + argument), Integer.parseInt(argument));
  }

  private static Path draw(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("picture-%05d.jpg".formatted(i));
      if (!Files.exists(file)) {
        ImageIO.write(picture(i), "jpg", file.toFile());
      }
    }
    return folder;
  }

  /** Smooth blobs and some grain: about as many bytes as a photograph of its size. */
  private static BufferedImage picture(int seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    for (int i = 0; i < 400; i++) {
      g.setColor(new Color(random.nextInt(0x1000000)));
      g.fillOval(
          random.nextInt(560) - 60,
          random.nextInt(435) - 60,
          5 + random.nextInt(80),
          5 + random.nextInt(80));
    }
    g.dispose();
    return image;
  }
}
