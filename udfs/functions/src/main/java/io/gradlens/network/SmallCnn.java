package io.gradlens.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * Three blocks of two 3 x 3 convolutions with batch normalisation, 32, 64 and 128 channels, the
 * mean over the last map, dropout: for small pictures and few of them. About 290,000 parameters.
 */
final class SmallCnn {

  private SmallCnn() {}

  static String layers(GraphBuilder graph, String from, int classes) {
    String last = from;
    for (int block = 1; block <= 3; block++) {
      int channels = 16 << block;
      last = Blocks.normedRelu(graph, "conv" + block + "a", last, 3, 1, channels);
      last = Blocks.normedRelu(graph, "conv" + block + "b", last, 3, 1, channels);
      last = block < 3 ? Blocks.halved(graph, "pool" + block, last) : last;
    }
    String pooled = Blocks.averaged(graph, last);
    return Blocks.classified(graph, Blocks.dropped(graph, "dropout", pooled, 0.2), classes);
  }
}
