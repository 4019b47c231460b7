package io.gradlens.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo commands leave, made in this process; trainings are cut short, and the notes'
 * second run is one over the same pictures by a network trained on.
 */
final class DemoOutputs {

  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));

  private DemoOutputs() {}

  static void write(Path out) throws IOException {
    demo(out, "ode-gradients");
    demo(out, "ode-solve");
    demo(out, "ode-train", "--iterations", "60");
    // Held-out pictures, so that measures of both splits are there to be drawn.
    demo(out, "train", "--epochs", "2", "--validation-fraction", "0.3");
    run(out, "explain", "demo", out.resolve("demo"));
    run(
        "train",
        "--images=" + ROOT.resolve("data-samples/images"),
        "--fine-tune=" + ROOT.resolve("data-samples/model/shapes-cnn.zip"),
        "--epochs=1",
        "--batch-size=8",
        "--learning-rate=1e-3",
        "--validation-fraction=0",
        "--max-failure-fraction=0.2",
        "--output=" + out.resolve("tuned"));
    // Without overlays, as large runs are: the notes draw them.
    run(
        out,
        "explain",
        "demo",
        out.resolve("demo-tuned"),
        "--overlay=none",
        "--model=" + out.resolve("tuned/model.zip"));
  }

  private static void demo(Path out, String command, String... more) throws IOException {
    run(out, command, command + "-demo", out.resolve(command + "-demo"), more);
  }

  /** With a copy of the configuration that says, as the launcher would, where the samples are. */
  private static void run(
      Path out, String command, String configuration, Path output, String... more)
      throws IOException {
    String text = Files.readString(ROOT.resolve("conf/" + configuration + ".conf"));
    Path copy = Files.createDirectories(out).resolve(configuration + ".conf");
    Files.writeString(copy, text.replace("${?GRADLENS_HOME}\"", "\"" + ROOT + "/"));
    List<String> arguments = new ArrayList<>(List.of(command, "--config", copy.toString()));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of(more));
    run(arguments.toArray(String[]::new));
  }

  private static void run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--overwrite", "--master", "local[2]"));
    assertThat(Gradlens.run(all.toArray(String[]::new))).as(all.toString()).isZero();
  }
}
