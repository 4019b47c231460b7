package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --redact-paths} not even Spark's own log has the name of an image. */
class RedactionEndToEndTest {

  @TempDir private Path folder;

  @Test
  void nothingThatIsPrintedOrWrittenHasTheNameOfAnImage() throws Exception {
    CommandLine.assumePackaged();
    Path images = folder.resolve("images");
    for (int i = 0; i < 8; i++) {
      Path ward = Files.createDirectories(images.resolve(i % 2 == 0 ? "one" : "two"));
      Files.write(ward.resolve("patient-Mustermann-%d.png".formatted(i)), SmallCnn.picture(i));
    }
    Files.write(images.resolve("one/patient-Mustermann-broken.png"), new byte[] {1, 2, 3});
    Files.createSymbolicLink(
        images.resolve("two/patient-Mustermann.png"), Path.of("/no/patient-Mustermann"));
    String model = SmallCnn.write(folder.resolve("small.zip")).toString();

    requireNameless(images, "explain", "--model", model, "--preprocess", "unit");
    requireNameless(images, "pack");
    requireNameless(
        images, "train", "--architecture", "lenet", "--preprocess", "unit", "--epochs", "1");
  }

  private void requireNameless(Path images, String command, String... options) throws Exception {
    Path output = folder.resolve(command);
    List<String> args = new ArrayList<>(List.of(command, "--images", images.toString()));
    args.addAll(List.of(options));
    args.addAll(List.of("--output", output.toString(), "--redact-paths", "--verbose"));
    args.addAll(List.of("--max-failure-fraction", "1", "--master", "local[2]"));
    if (!command.equals("pack")) {
      args.addAll(List.of("--input-size", "32x32"));
    }

    CommandLine.Result result = CommandLine.run(folder, args);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).as("Spark's log").contains("DAGScheduler");
    assertThat((result.out() + result.err()).lines().filter(line -> line.contains("Mustermann")))
        .isEmpty();
    try (var files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain("Mustermann");
      }
    }
  }
}
