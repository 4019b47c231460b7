package io.gradlens.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares a network's answers with the labels, on an executor.
 *
 * @param batchSize images a forward pass
 */
record NetworkEvaluation(NetworkCopy copy, BatchAssembly assembly, int batchSize)
    implements Serializable {

  /** Of −log p, so that one certain mistake does not make the mean infinite. */
  private static final double LEAST_PROBABILITY = 1e-15;

  Confusion of(Iterator<TrainingImage> images) {
    Confusion all = Confusion.none(assembly.classes());
    if (!images.hasNext()) {
      return all;
    }
    ComputationGraph network = copy.open();
    while (images.hasNext()) {
      List<TrainingImage> batch = new ArrayList<>();
      while (images.hasNext() && batch.size() < batchSize) {
        batch.add(images.next());
      }
      all = all.plus(confusion(network.outputSingle(assembly.plain(batch)), batch));
    }
    return all;
  }

  private Confusion confusion(INDArray probabilities, List<TrainingImage> batch) {
    int[] actual = assembly.classNumbers(batch);
    float[][] rows = probabilities.toFloatMatrix();
    long[][] counts = new long[assembly.classes()][assembly.classes()];
    double loss = 0;
    for (int i = 0; i < actual.length; i++) {
      counts[actual[i]][largest(rows[i])]++;
      loss -= Math.log(Math.max(rows[i][actual[i]], LEAST_PROBABILITY));
    }
    return new Confusion(counts, loss);
  }

  /** The lowest index of the largest value. */
  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
