package io.gradlens.benchmarks;

import io.gradlens.jobs.Gradlens;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;

/**
 * The whole {@code explain} job on JPEG files: images a second and resident memory over time.
 *
 * <p>Arguments: {@code MODEL.zip|vgg19 PICTURES MASTER}, for instance {@code vgg19 400 local[2]};
 * with {@code cifar:60000} as pictures those of {@link CifarPictures}. Draws the others (500x375
 * JPEG) once, runs the command in this process, and prints resident memory every second or ten.
 */
public final class JobBenchmark {

  private static final String CIFAR = "cifar:";

  private JobBenchmark() {}

  /** Runs one job; see the class. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("gradlens.bench", "target"));
    Path model = args[0].equals("vgg19") ? Vgg19.file(folder) : Path.of(args[0]);
    boolean cifar = args[1].startsWith(CIFAR);
    int count = Integer.parseInt(cifar ? args[1].substring(CIFAR.length()) : args[1]);
    Path pictures =
        cifar
            ? CifarPictures.folder(folder, count)
            : pictures(folder.resolve("pictures-" + count), count);
    System.setProperty("spark.extraListeners", ImagesSoFar.class.getName());
    Path output = Files.createTempDirectory(folder, "job-");
    AtomicBoolean running = new AtomicBoolean(true);
    Thread watch = new Thread(() -> watch(running, cifar ? 1 : 10), "resident memory");
    watch.setDaemon(true);
    watch.start();
    long start = System.nanoTime();
    int status =
        Gradlens.run(
            "explain",
            "--images",
            pictures.toString(),
            "--model",
            model.toString(),
            "--labels",
            "none",
            "--master",
            args[2],
            "--overwrite",
            "--output",
            output.toString());
    running.set(false);
    System.out.printf(
        Locale.ROOT,
        "exit %d, %d pictures, %s: %.1f s with start-up, peak resident memory %d MB%n",
        status,
        count,
        args[2],
        (System.nanoTime() - start) / 1e9,
        status("VmHWM") / 1024);
  }

  private static Path pictures(Path folder, int count) throws IOException {
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

  private static void watch(AtomicBoolean running, int seconds) {
    long start = System.nanoTime();
    while (running.get()) {
      try {
        Thread.sleep(1000L * seconds);
        System.out.printf(
            Locale.ROOT,
            "after %.0f s and %d images: resident %d MB%n",
            (System.nanoTime() - start) / 1e9,
            ImagesSoFar.now(),
            status("VmRSS") / 1024);
      } catch (InterruptedException | IOException e) {
        return;
      }
    }
  }

  /** A figure of Linux' /proc/self/status, in kB. */
  private static long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
