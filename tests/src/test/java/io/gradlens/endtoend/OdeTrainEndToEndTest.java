package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ode-train through the launcher, every run in a process of its own. */
class OdeTrainEndToEndTest {

  @TempDir private Path folder;

  @BeforeAll
  static void assumePackaged() throws IOException {
    CommandLine.assumePackaged();
  }

  /** Mini-batches of windows with Adam on the 64 predator-prey series. */
  private List<String> args(String output, String... more) {
    Path samples = CommandLine.root().resolve("data-samples/trajectories");
    List<String> args = new ArrayList<>(List.of("ode-train", "--output", output));
    args.addAll(List.of("--field", samples.resolve("lotka-volterra.conf").toString()));
    args.addAll(List.of("--trajectories", samples.resolve("lotka-volterra.csv").toString()));
    args.addAll(List.of("--rtol", "1e-5", "--atol", "1e-7", "--learning-rate", "0.01"));
    args.addAll(List.of("--window", "8", "--batch", "64", "--block-size", "4"));
    args.addAll(List.of("--validation-fraction", "0.2", "--master", "local[2]"));
    args.addAll(List.of(more));
    return args;
  }

  private String field(String output) throws IOException {
    return Files.readString(folder.resolve(output).resolve("field.json"));
  }

  private JsonNode run(String output) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(output).resolve("run.json").toFile());
  }

  @Test
  void demoRunsFromAnyFolder() throws Exception {
    CommandLine.Result demo =
        CommandLine.run(
            folder,
            List.of(
                "ode-train",
                "--config",
                CommandLine.root().resolve("conf/ode-train-demo.conf").toString(),
                "--output",
                folder.resolve("demo").toString()));

    assertThat(demo.status()).as(demo.err()).isZero();
    assertThat(demo.out()).contains("Trained 252 parameters on 1 trajectory");
    assertThat(folder.resolve("demo/field.safetensors")).exists();
    assertThat(folder.resolve("demo/index.html")).exists();
  }

  @Test
  void killedRunResumesToTheSameBits() throws Exception {
    String[] options = {"--iterations", "1500", "--checkpoint-every", "30"};
    CommandLine.Result whole = CommandLine.run(folder, args("whole", options));
    assertThat(whole.status()).as(whole.err()).isZero();

    Process process = CommandLine.start(folder, args("killed", options));
    Path third = folder.resolve("killed/checkpoints/iteration-0000090");
    while (process.isAlive() && !Files.exists(third)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    process.destroyForcibly().waitFor();
    assertThat(run("killed").get("status").asText()).isEqualTo("RUNNING");
    assertThat(folder.resolve("killed/field.json")).doesNotExist();

    CommandLine.Result resumed = CommandLine.run(folder, args("killed", options));

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("Going on after iteration ");
    assertThat(field("killed")).isEqualTo(field("whole"));
    assertThat(run("killed").get("attempt").asInt()).isEqualTo(2);
    assertThat(run("killed").get("data_fingerprint"))
        .isEqualTo(run("whole").get("data_fingerprint"));
  }

  @Test
  void thetaIsTheSameInTheDriverAndForAnyPartitions() throws Exception {
    String[] driver = {"--iterations", "100", "--train-on", "driver"};
    CommandLine.Result first = CommandLine.run(folder, args("driver", driver));
    assertThat(first.status()).as(first.err()).isZero();
    for (String partitions : List.of("1", "8", "64")) {
      CommandLine.Result other =
          CommandLine.run(
              folder,
              args(
                  partitions,
                  "--iterations",
                  "100",
                  "--train-on",
                  "executors",
                  "--partitions",
                  partitions));
      assertThat(other.status()).as(other.err()).isZero();
      assertThat(field(partitions)).as("%s partitions", partitions).isEqualTo(field("driver"));
    }
  }
}
