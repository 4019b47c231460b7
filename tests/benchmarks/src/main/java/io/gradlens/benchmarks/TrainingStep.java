package io.gradlens.benchmarks;

import io.gradlens.model.NativeBackend;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.Sizing;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.graph.InputShape;
import io.gradlens.network.Architectures;
import io.gradlens.network.Augmentation;
import io.gradlens.network.ChannelNorm;
import io.gradlens.network.ConvolutionOutputs;
import io.gradlens.network.NetworkOptimizer;
import io.gradlens.network.NetworkPlan;
import io.gradlens.network.NetworkSource;
import io.gradlens.network.RateSchedule;
import io.gradlens.network.TrainingMasters;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * CPU and wall seconds of a training step in one thread, with DL4J's oneDNN helpers and ours, and
 * without; and the losses, which are to agree.
 *
 * <p>Usage: TrainingStep [architecture side batch steps]; small-cnn 32 64 10 unless told.
 */
public final class TrainingStep {
  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";
  private static final int CLASSES = 10;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private TrainingStep() {}

  public static void main(String[] args) {
    Architectures architecture = Architectures.named(args.length > 0 ? args[0] : "small-cnn");
    int side = args.length > 1 ? Integer.parseInt(args[1]) : 32;
    int batch = args.length > 2 ? Integer.parseInt(args[2]) : 64;
    int steps = args.length > 3 ? Integer.parseInt(args[3]) : 10;
    for (boolean helpers : new boolean[] {true, false}) {
      System.setProperty(HELPERS_DISABLED, Boolean.toString(!helpers));
      NativeBackend.configure();
      NativeBackend.useOneThread();
      ComputationGraph network = NetworkSource.architecture(architecture).network(plan(side));
      ChannelNorm.into(network);
      ConvolutionOutputs.into(network);
      Nd4j.getRandom().setSeed(1);
      INDArray[] input = {Nd4j.rand(batch, 3, side, side)};
      INDArray[] labels = {oneHot(batch)};
      for (int warm = 0; warm < 2; warm++) {
        network.fit(input, labels);
      }
      long start = System.nanoTime();
      long cpu = THREADS.getCurrentThreadCpuTime();
      for (int step = 0; step < steps; step++) {
        network.fit(input, labels);
      }
      System.out.printf(
          Locale.ROOT,
          "%s %dx%d, batch %d, helpers %s: CPU %.3f s, wall %.3f s a step, loss %.5f%n",
          architecture.id(),
          side,
          side,
          batch,
          helpers ? "on" : "off",
          (THREADS.getCurrentThreadCpuTime() - cpu) / 1e9 / steps,
          (System.nanoTime() - start) / 1e9 / steps,
          network.score());
    }
  }

  private static NetworkPlan plan(int side) {
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    StoredMetadata stored =
        new StoredMetadata(
            new InputShape(side, side, 3), Preprocessing.preset("unit"), Sizing.DEFAULT, classes);
    return new NetworkPlan(
        stored,
        Map.of(),
        List.of(),
        Augmentation.NONE,
        new NetworkOptimizer("adam", 1e-4, 0, 0),
        new RateSchedule("constant", 1, 1, 0),
        TrainingMasters.AVERAGING,
        1,
        1,
        1,
        1,
        0,
        0);
  }

  private static INDArray oneHot(int batch) {
    INDArray labels = Nd4j.zeros(batch, CLASSES);
    for (int i = 0; i < batch; i++) {
      labels.putScalar(i, i % CLASSES, 1);
    }
    return labels;
  }
}
