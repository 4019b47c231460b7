package io.gradlens.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.model.NativeBackend;
import io.gradlens.samples.Studio.Photograph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** The committed network is what data-samples/README.md says. */
class ShapesCnnTest {

  private static final Path MODEL = DataSamplesTest.ROOT.resolve("model/shapes-cnn.zip");

  /** Neither trained on nor part of the figure in the README. */
  private static final long UNSEEN_SEED = 9_000_000;

  private static ComputationGraph net;

  @BeforeAll
  static void load() throws IOException {
    NativeBackend.configure();
    net = ModelSerializer.restoreComputationGraph(MODEL.toFile(), false);
  }

  @Test
  void theModelIsSmallAndHasNoUpdaterState() throws IOException {
    assertThat(net.numParams()).isLessThan(250_000);
    assertThat(MODEL.toFile()).size().isLessThan(1_000_000);
    try (ZipFile zip = new ZipFile(MODEL.toFile())) {
      assertThat(zip.getEntry("updaterState.bin")).isNull();
    }
  }

  @Test
  void theZipTellsInputSizePreprocessingClassNamesAndOrigin() throws IOException {
    JsonNode extra = extra(MODEL);
    assertThat(extra.get("input")).hasToString("{\"channels\":3,\"height\":96,\"width\":96}");
    JsonNode preprocessing = extra.get("preprocessing");
    assertThat(preprocessing.get("channelOrder").asText()).isEqualTo("RGB");
    assertThat(preprocessing.get("scale").asDouble()).isEqualTo(1 / 255.0);
    assertThat(preprocessing.get("mean")).hasToString("[0.0]");
    assertThat(preprocessing.get("std")).hasToString("[1.0]");
    List<String> names = new ArrayList<>();
    extra.get("classNames").forEach(name -> names.add(name.asText()));
    assertThat(names).containsExactly("ball", "cube", "key", "leaf", "mug", "star");
    assertThat(extra.get("provenance").get("generatorVersion").asInt()).isEqualTo(Studio.VERSION);
    assertThat(extra.get("provenance").get("heldOutAccuracy").asDouble()).isGreaterThan(0.95);
  }

  @Test
  void unseenPicturesAreTakenForWhatTheyShow() {
    Pictures unseen = Pictures.shot(UNSEEN_SEED, 25);
    double accuracy = TrainShapesCnn.accuracy(net, unseen);
    System.out.printf("accuracy on %d unseen pictures: %.3f%n", unseen.size(), accuracy);
    assertThat(accuracy).isGreaterThanOrEqualTo(0.95);
  }

  /** Grad-CAM in closed form; {@link SampleMapsTest} asks the product. */
  @Test
  void directlyComputedCamPeaksInTheBox() throws IOException {
    assertThat(PeakHits.ofNetwork(net, demo())).isGreaterThanOrEqualTo(0.85);
  }

  @Test
  void savingKeepsEveryWeightAndAddsTheEntry(@TempDir Path folder) throws IOException {
    ComputationGraph fresh = ShapesCnn.untrained(3, new Sgd(0.1));
    Path file = folder.resolve("net.zip");
    ShapesCnn.save(fresh, file, Map.of("seed", 3));
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), false);
    assertThat(restored.params().toFloatVector()).isEqualTo(fresh.params().toFloatVector());
    assertThat(extra(file).get("provenance").get("seed").asInt()).isEqualTo(3);
  }

  @Test
  void wholeWindowsHoldThePixelsOfThePicture() {
    Pictures pictures = Pictures.shot(UNSEEN_SEED, 1);
    float[] expected = sorted(pictures.input(0));
    for (int seed = 0; seed < 8; seed++) {
      INDArray window = pictures.windows(new int[] {0}, ShapesCnn.SIDE, new Random(seed));
      assertThat(sorted(window)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static List<Photograph> demo() throws IOException {
    List<Photograph> photographs = new ArrayList<>();
    for (DemoPicture picture : DemoPicture.all()) {
      if (picture.form().readable()) {
        photographs.add(
            new Photograph(
                DataSamplesTest.decode(picture), picture.shape(), picture.stored().box()));
      }
    }
    return photographs;
  }

  private static float[] sorted(INDArray array) {
    float[] values = array.reshape(-1).toFloatVector();
    Arrays.sort(values);
    return values;
  }

  private static JsonNode extra(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(ShapesCnn.EXTRA_ENTRY))) {
      return new ObjectMapper().readTree(in);
    }
  }
}
