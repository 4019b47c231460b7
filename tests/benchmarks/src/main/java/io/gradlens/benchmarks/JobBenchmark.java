package io.gradlens.benchmarks;

import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole {@code explain} job on JPEG files: images a second and resident memory over time.
 *
 * <p>Arguments: {@code MODEL PICTURES MASTER} as {@link ExplainInputs} has them, for instance
 * {@code vgg19 400 local[2]}. Runs the command in this process, and prints resident memory every
 * second or ten.
 */
public final class JobBenchmark {

  private JobBenchmark() {}

  /** Runs one job; see the class. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("gradlens.bench", "target"));
    Path model = ExplainInputs.model(folder, args[0]);
    Path pictures = ExplainInputs.pictures(folder, args[1]);
    int seconds = args[0].equals(ExplainInputs.VGG19) ? 10 : 1;
    System.setProperty("spark.extraListeners", ImagesSoFar.class.getName());
    Path output = Files.createTempDirectory(folder, "job-");
    AtomicBoolean running = new AtomicBoolean(true);
    Thread watch = new Thread(() -> watch(running, seconds), "resident memory");
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
        "exit %d, %s pictures, %s: %.1f s with start-up, peak resident memory %d MB%n",
        status,
        args[1],
        args[2],
        (System.nanoTime() - start) / 1e9,
        status("VmHWM") / 1024);
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
