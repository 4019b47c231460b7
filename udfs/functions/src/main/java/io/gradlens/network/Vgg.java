package io.gradlens.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Blocks of 3 x 3 convolutions with ReLUs and pooling, then two dense layers of 4096, named as
 * Keras names them. Source: Simonyan and Zisserman, Very deep convolutional networks for
 * large-scale image recognition, 2015, configurations D and E.
 */
final class Vgg {
  private static final int[] CHANNELS = {64, 128, 256, 512, 512};

  private Vgg() {}

  /**
   * @param convolutions how many each of the five blocks has
   */
  static String layers(GraphBuilder graph, String from, int classes, int... convolutions) {
    String last = from;
    for (int b = 0; b < convolutions.length; b++) {
      String block = "block" + (b + 1);
      for (int c = 1; c <= convolutions[b]; c++) {
        String name = block + "_conv" + c;
        graph.addLayer(
            name,
            new ConvolutionLayer.Builder(3, 3)
                .nOut(CHANNELS[b])
                .activation(Activation.RELU)
                .build(),
            last);
        last = name;
      }
      last = Blocks.halved(graph, block + "_pool", last);
    }
    for (int i = 1; i <= 2; i++) {
      graph.addLayer(
          "fc" + i, new DenseLayer.Builder().nOut(4096).activation(Activation.RELU).build(), last);
      last = Blocks.dropped(graph, "fc%d_dropout".formatted(i), "fc" + i, 0.5);
    }
    return Blocks.classified(graph, last, classes);
  }
}
