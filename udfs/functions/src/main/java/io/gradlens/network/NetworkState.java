package io.gradlens.network;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network in training on its way to executors.
 *
 * @param network its configuration, with the number of steps, and its weights
 * @param updater the optimizer's state; empty where it has none
 */
record NetworkState(NetworkCopy network, float[] updater) implements Serializable {

  static NetworkState of(ComputationGraph network) {
    return new NetworkState(NetworkCopy.of(network), updater(network));
  }

  /** The optimizer's state of a network. */
  static float[] updater(ComputationGraph network) {
    INDArray state = network.getUpdater().getStateViewArray();
    return state == null ? new float[0] : state.dup().data().asFloat();
  }

  /** A network of the calling thread's own. */
  ComputationGraph open() {
    ComputationGraph copy = network.open();
    restoreUpdater(copy);
    return copy;
  }

  /** Gives a network this state back. */
  void restore(ComputationGraph other) {
    other.params().assign(Nd4j.createFromArray(network.params()).reshape(other.params().shape()));
    restoreUpdater(other);
  }

  private void restoreUpdater(ComputationGraph other) {
    INDArray state = other.getUpdater().getStateViewArray();
    if (state != null) {
      state.assign(Nd4j.createFromArray(updater).reshape(state.shape()));
    }
  }
}
