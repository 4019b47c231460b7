package io.gradlens.network;

import io.gradlens.model.NativeBackend;
import java.io.Serializable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network on its way to executors.
 *
 * @param configuration DL4J's JSON
 * @param params all of them, in DL4J's order
 */
record NetworkCopy(String configuration, float[] params) implements Serializable {

  static NetworkCopy of(ComputationGraph network) {
    return new NetworkCopy(
        network.getConfiguration().toJson(), network.params().dup('c').data().asFloat());
  }

  /** A network of the calling thread's own. */
  ComputationGraph open() {
    NativeBackend.configure();
    NativeBackend.useOneThread();
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init(Nd4j.create(params, new long[] {1, params.length}, 'c'), false);
    return network;
  }
}
