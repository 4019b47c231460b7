package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What Spark costs the whole {@code explain} job, and what a second core gives to it, beside the
 * same computation in one thread and in two without Spark.
 *
 * <p>Arguments: {@code MODEL PICTURES ROUNDS}, the first two as {@link ExplainInputs} has them. A
 * round takes all four one after the other; one round more warms up.
 */
public final class ExplainScaling {

  private ExplainScaling() {}

  /** Measures; see the class. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("gradlens.bench"));
    Path model = ExplainInputs.model(folder, args[0]);
    Path pictures = ExplainInputs.pictures(folder, args[1]);
    Path output = Files.createTempDirectory(folder, "job-");
    Rounds rates = new Rounds();
    try (PlainExplain plain = new PlainExplain(model, pictures)) {
      for (int round = -1; round < Integer.parseInt(args[2]); round++) {
        double[] each = {
          plain.run(1),
          plain.run(2),
          job(model, pictures, output, "local[1]"),
          job(model, pictures, output, "local[2]")
        };
        if (round >= 0) {
          rates.add(each);
        }
        System.out.printf(
            Locale.ROOT,
            "round %d: engine %.4g and %.4g images/s, job %.4g and %.4g%n",
            round,
            each[0],
            each[1],
            each[2],
            each[3]);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "medians: engine %.4g and %.4g images/s, x %.3f; job %.4g and %.4g, x %.3f; the job has"
            + " %.3f and %.3f of the engine's rate and scales to %.3f of it%n",
        rates.median(0),
        rates.median(1),
        rates.ratio(1, 0),
        rates.median(2),
        rates.median(3),
        rates.ratio(3, 2),
        rates.ratio(2, 0),
        rates.ratio(3, 1),
        rates.ratioOfRatios(1, 0, 3, 2));
  }

  /** Images a second in the shards, without start-up, as run.json has it. */
  private static double job(Path model, Path pictures, Path output, String master)
      throws IOException {
    int status =
        Gradlens.run(
            "explain",
            "--images=" + pictures,
            "--model=" + model,
            "--labels=none",
            "--master=" + master,
            "--overwrite",
            "--output=" + output);
    if (status != 0) {
      throw new IllegalStateException("The job ended with exit status " + status);
    }
    return new ObjectMapper()
        .readTree(output.resolve("run.json").toFile())
        .get("images_per_second")
        .asDouble();
  }
}
