package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** train through the launcher and on a cluster, every run in processes of its own. */
class TrainEndToEndTest {

  @TempDir private Path folder;

  @BeforeAll
  static void assumePackaged() throws IOException {
    CommandLine.assumePackaged();
  }

  /** 200 pictures of 16 x 16 in two classes: the upper or the lower half is bright. */
  private Path pictures() throws IOException {
    Path images = folder.resolve("images");
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      byte[] samples = new byte[16 * 16 * 3];
      random.nextBytes(samples);
      boolean isUpper = i % 2 == 0;
      for (int at = 0; at < samples.length; at++) {
        boolean isBright = (at < samples.length / 2) == isUpper;
        samples[at] = (byte) ((samples[at] & 63) + (isBright ? 190 : 0));
      }
      Path file = images.resolve("%s/%03d.png".formatted(isUpper ? "upper" : "lower", i));
      Files.createDirectories(file.getParent());
      Files.write(file, new PixelImage(16, 16, 3, samples).toPng());
    }
    return images;
  }

  private List<String> args(Path images, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--images", images.toString()));
    args.addAll(List.of("--output", folder.resolve(output).toString(), "--preprocess", "unit"));
    args.addAll(List.of("--architecture", "lenet", "--input-size", "16x16", "--workers", "2"));
    args.addAll(List.of("--batch-size", "10", "--averaging-frequency", "2"));
    args.addAll(List.of(more));
    return args;
  }

  private String weights(String output) throws Exception {
    try (ZipFile zip = new ZipFile(folder.resolve(output).resolve("model.zip").toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
  }

  private JsonNode run(String output) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(output).resolve("run.json").toFile());
  }

  private static void await(Process process, Path file) throws InterruptedException {
    while (process.isAlive() && !Files.exists(file)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void killedRunGoesOnToTheSameWeights() throws Exception {
    Path images = pictures();
    String[] options = {"--epochs", "12", "--master", "local[2]"};
    CommandLine.Result whole = CommandLine.run(folder, args(images, "whole", options));
    assertThat(whole.status()).as(whole.err()).isZero();

    Process process = CommandLine.start(folder, args(images, "killed", options));
    await(process, folder.resolve("killed/checkpoints/latest.zip"));
    process.destroyForcibly().waitFor();
    assertThat(run("killed").get("status").asText()).isEqualTo("RUNNING");
    assertThat(folder.resolve("killed/model.zip")).doesNotExist();

    CommandLine.Result resumed = CommandLine.run(folder, args(images, "killed", options));

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("Going on after epoch ");
    assertThat(weights("killed")).isEqualTo(weights("whole"));
    assertThat(run("killed").get("attempt").asInt()).isEqualTo(2);
    assertThat(run("killed").get("data_fingerprint"))
        .isEqualTo(run("whole").get("data_fingerprint"));
  }

  @Test
  void epochIsFinishedWithTheSameWeightsThoughAnExecutorIsLost() throws Exception {
    Path images = pictures();
    CommandLine.Result whole =
        CommandLine.run(folder, args(images, "whole", "--epochs", "4", "--master", "local[2]"));
    assertThat(whole.status()).as(whole.err()).isZero();

    CommandLine.Result lost = trainAndLoseAnExecutor(args(images, "lost", "--epochs", "4"));

    assertThat(lost.status()).as(lost.err()).isZero();
    assertThat(lost.out()).contains("epoch 4/4", "training   accuracy");
    assertThat(run("lost").get("status").asText()).isEqualTo("DONE");
    assertThat(weights("lost")).isEqualTo(weights("whole"));
  }

  /** One of two, as soon as the first epoch is done. */
  private CommandLine.Result trainAndLoseAnExecutor(List<String> args) throws Exception {
    Process process = CommandLine.startOnCluster(folder, 2, folder, Map.of(), args);
    await(process, folder.resolve("lost/checkpoints/latest.zip"));
    ProcessHandle executor =
        process
            .descendants()
            .filter(
                each ->
                    each.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
            .findFirst()
            .orElseThrow();
    executor.destroyForcibly();
    return CommandLine.result(folder, process);
  }

  @Test
  void executorsShareGradients() throws Exception {
    Path images = pictures();
    List<String> args = args(images, "shared", "--epochs", "4", "--training-master", "sharing");

    CommandLine.Result result =
        CommandLine.result(folder, CommandLine.startOnCluster(folder, 2, folder, Map.of(), args));

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(lossesOfHeldOut(result.out()))
        .hasSize(4)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(result.out()).contains("epoch 4/4", "accuracy 100.00 %");
  }

  @Test
  void gradientsGoOnBeingSharedThoughAnExecutorIsLost() throws Exception {
    Path images = pictures();

    CommandLine.Result result =
        trainAndLoseAnExecutor(
            args(images, "lost", "--epochs", "8", "--training-master", "sharing"));

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("epoch 8/8");
    assertThat(lossesOfHeldOut(result.out()).get(7)).isLessThan(0.1);
  }

  private static List<Double> lossesOfHeldOut(String out) {
    return Pattern.compile("of held-out images ([0-9.]+)")
        .matcher(out)
        .results()
        .map(match -> Double.valueOf(match.group(1)))
        .toList();
  }

  @Test
  void demoIsTrainedAndExplainedInTwoCommands() throws Exception {
    String output = folder.resolve("demo").toString();
    CommandLine.Result demo =
        CommandLine.run(
            folder,
            List.of(
                "train",
                "--config",
                CommandLine.root().resolve("conf/train-demo.conf").toString(),
                "--epochs",
                "2",
                "--output",
                output));
    assertThat(demo.status()).as(demo.err()).isZero();

    CommandLine.Result explained =
        CommandLine.run(
            folder,
            List.of(
                "explain",
                "--config",
                CommandLine.root().resolve("conf/demo.conf").toString(),
                "--model",
                output + "/model.zip",
                "--output",
                folder.resolve("explained").toString()));
    assertThat(explained.status()).as(explained.err()).isZero();
    assertThat(explained.out()).contains("Explained 48 of 50 images");
  }
}
