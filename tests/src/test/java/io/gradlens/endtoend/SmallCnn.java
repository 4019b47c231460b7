package io.gradlens.endtoend;

import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;

/** A network with seeded random weights, and pictures of noise for it. */
final class SmallCnn {

  private SmallCnn() {}

  static Path write(Path file) throws IOException {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .list()
                .layer(conv(6))
                .layer(conv(8))
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(new OutputLayer.Builder().nOut(5).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
    network.init();
    ModelSerializer.writeModel(network, file.toFile(), false);
    return file;
  }

  private static ConvolutionLayer conv(int channels) {
    return new ConvolutionLayer.Builder(3, 3).nOut(channels).activation(Activation.RELU).build();
  }

  /** The picture of a number, as PNG. */
  static byte[] picture(int number) {
    byte[] samples = new byte[40 * 30 * 3];
    new Random(number).nextBytes(samples);
    return new PixelImage(40, 30, 3, samples).toPng();
  }

  static Path pictures(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve("%03d.png".formatted(i)), picture(i));
    }
    return folder;
  }
}
