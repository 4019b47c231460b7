package io.gradlens.samples;

import io.gradlens.model.NativeBackend;
import io.gradlens.samples.Studio.Photograph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Trains the sample network on photographs of the generator and writes
 * data-samples/model/shapes-cnn.zip. No picture of the demo folder and none of the held-out set
 * takes part in training, and nothing is chosen by the held-out set.
 */
public final class TrainShapesCnn {

  static final long SEED = 20261120;
  private static final long FIRST_TRAINING_SEED = 1_000_000;
  private static final int TRAINING_SEEDS = 1_200;
  private static final long FIRST_HELD_OUT_SEED = 5_000_000;
  private static final int HELD_OUT_SEEDS = 200;
  private static final int BATCH = 32;

  /** First windows around the object, at a quarter of the cost, then whole pictures. */
  private static final Stage[] STAGES = {
    new Stage(ShapesCnn.SIDE / 2, 16, 3e-3, 1e-3), new Stage(ShapesCnn.SIDE, 8, 2e-3, 1e-4)
  };

  /** A part of training: side of the input, epochs, learning rate from and to. */
  private record Stage(int side, int epochs, double firstRate, double lastRate) {

    double rate(int epoch) {
      return firstRate + (lastRate - firstRate) * epoch / (epochs - 1);
    }
  }

  private TrainShapesCnn() {}

  /**
   * Trains, prints the accuracy on held-out pictures and the hit rates on the demo's, and saves.
   *
   * @param args the folder, data-samples unless given
   */
  public static void main(String[] args) throws IOException {
    Path dataSamples = Path.of(args.length > 0 ? args[0] : "data-samples");
    NativeBackend.configure();
    Pictures training = Pictures.shot(FIRST_TRAINING_SEED, TRAINING_SEEDS);
    Pictures heldOut = Pictures.shot(FIRST_HELD_OUT_SEED, HELD_OUT_SEEDS);
    System.out.printf("%d pictures to train on, %d held out%n", training.size(), heldOut.size());

    ComputationGraph net = ShapesCnn.untrained(SEED, new Adam());
    List<Photograph> demo =
        DemoPicture.all().stream()
            .filter(p -> p.form().readable())
            .map(DemoPicture::stored)
            .toList();
    double random = PeakHits.ofNetwork(net, demo);
    train(net, training);

    double accuracy = accuracy(net, heldOut);
    Path file = dataSamples.resolve("model/shapes-cnn.zip");
    ShapesCnn.save(net, file, provenance(training.size(), heldOut.size(), accuracy));
    Checksums.write(dataSamples);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), false);
    System.out.printf(
        "accuracy on held-out pictures %.4f; after saving and loading %.4f%n",
        accuracy, accuracy(restored, heldOut));
    System.out.printf(
        "heatmap peak in the box, demo pictures: trained %.3f, centre %.3f, random weights %.3f%n",
        PeakHits.ofNetwork(restored, demo), PeakHits.ofCentre(demo), random);
    System.out.printf("%d parameters, %d bytes, %s%n", net.numParams(), Files.size(file), file);
  }

  static void train(ComputationGraph net, Pictures pictures) {
    Random random = new Random(SEED);
    for (Stage stage : STAGES) {
      for (int epoch = 0; epoch < stage.epochs(); epoch++) {
        long start = System.nanoTime();
        net.setLearningRate(stage.rate(epoch));
        double score = epoch(net, pictures, stage.side(), random);
        System.out.printf(
            "%d pixels, epoch %d of %d: score %.4f, %.0f s%n",
            stage.side(), epoch + 1, stage.epochs(), score, (System.nanoTime() - start) / 1e9);
      }
    }
  }

  /** Shows the network every picture once; the mean score. */
  private static double epoch(ComputationGraph net, Pictures pictures, int side, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, pictures.size()).boxed().toList());
    Collections.shuffle(order, random);
    int batches = pictures.size() / BATCH;
    double score = 0;
    for (int b = 0; b < batches; b++) {
      int[] indices =
          order.subList(b * BATCH, (b + 1) * BATCH).stream().mapToInt(Integer::intValue).toArray();
      net.fit(
          new INDArray[] {pictures.windows(indices, side, random)},
          new INDArray[] {pictures.oneHot(indices)});
      score += net.score();
    }
    return score / batches;
  }

  /** Part of the pictures whose highest output is their class. */
  static double accuracy(ComputationGraph net, Pictures pictures) {
    int right = 0;
    for (int from = 0; from < pictures.size(); from += BATCH) {
      int[] indices = IntStream.range(from, Math.min(from + BATCH, pictures.size())).toArray();
      int[] predicted = net.outputSingle(pictures.input(indices)).argMax(1).toIntVector();
      for (int n = 0; n < indices.length; n++) {
        right += predicted[n] == pictures.label(indices[n]).ordinal() ? 1 : 0;
      }
    }
    return (double) right / pictures.size();
  }

  static Map<String, Object> provenance(int trained, int heldOut, double accuracy) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("trainer", TrainShapesCnn.class.getName());
    provenance.put("generatorVersion", Studio.VERSION);
    provenance.put("seed", SEED);
    provenance.put("trainingPictures", trained);
    provenance.put("epochs", Arrays.stream(STAGES).mapToInt(Stage::epochs).sum());
    provenance.put("heldOutPictures", heldOut);
    provenance.put("heldOutAccuracy", accuracy);
    provenance.put("licence", "Apache-2.0");
    return provenance;
  }
}
