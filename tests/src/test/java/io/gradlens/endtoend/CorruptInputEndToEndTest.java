package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged file among good ones: nothing is said but its name, not even by Spark's log. */
class CorruptInputEndToEndTest {

  private static final Path SAMPLES = CommandLine.root().resolve("data-samples/trajectories");

  @TempDir private Path folder;

  @BeforeAll
  static void requireJar() throws Exception {
    CommandLine.assumePackaged();
  }

  @BeforeEach
  void prepare() throws Exception {
    byte[] whole = Files.readAllBytes(SAMPLES.resolve("spirals.parquet"));
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.write(data.resolve("good.parquet"), whole);
    Files.write(data.resolve("long.parquet"), whole);
    Files.write(data.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length - 4000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ode-gradients --trajectories data",
        "ode-train --iterations 2 --trajectories data",
        "ode-solve --times 0:1:2 --initial data"
      })
  void oneLineNamesIt(String command) throws Exception {
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of("--field", SAMPLES.resolve("network/field.json").toString()));
    args.addAll(List.of("--rtol", "1e-5", "--atol", "1e-7", "--output", "out"));
    args.addAll(List.of("--master", "local[2]"));

    CommandLine.Result result = CommandLine.run(folder, args);

    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("gradlens: Table data cannot be read: 1 of its 3 files cannot")
        .contains("cut.parquet")
        .hasLineCount(1);
    assertThat(result.out()).isEmpty();
  }
}
