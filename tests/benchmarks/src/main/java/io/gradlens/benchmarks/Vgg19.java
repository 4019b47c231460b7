package io.gradlens.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;

/** VGG19 (Simonyan and Zisserman 2014) with seeded weights, as a DL4J file: speed needs no more. */
final class Vgg19 {
  static final int SIZE = 224;
  static final int CLASSES = 1000;

  private Vgg19() {}

  /** Writes the model, 575 MB, unless it is there already. */
  static Path file(Path folder) throws IOException {
    Path file = folder.resolve("vgg19.zip");
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(folder);
    File part = folder.resolve("vgg19.zip.part").toFile();
    ComputationGraph network = new ComputationGraph(configuration());
    network.init();
    ModelSerializer.writeModel(network, part, false);
    try (FileSystem zip = FileSystems.newFileSystem(part.toPath(), java.util.Map.of())) {
      Files.writeString(
          zip.getPath("gradlens.json"),
          """
          {"input": {"height": 224, "width": 224, "channels": 3},
           "preprocessing": {"channelOrder": "BGR", "mean": [103.939, 116.779, 123.68]}}
          """);
    }
    Files.move(part.toPath(), file);
    return file;
  }

  private static ComputationGraphConfiguration configuration() {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(19)
            .weightInit(WeightInit.RELU)
            .updater(new NoOp())
            .activation(Activation.RELU)
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(SIZE, SIZE, 3));
    int[] convolutions = {2, 2, 4, 4, 4};
    int[] channels = {64, 128, 256, 512, 512};
    String previous = "input";
    for (int block = 1; block <= 5; block++) {
      for (int i = 1; i <= convolutions[block - 1]; i++) {
        String name = "block" + block + "_conv" + i;
        graph.addLayer(
            name, new ConvolutionLayer.Builder(3, 3).nOut(channels[block - 1]).build(), previous);
        previous = name;
      }
      String pool = "block" + block + "_pool";
      graph.addLayer(
          pool, new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build(), previous);
      previous = pool;
    }
    return graph
        .addLayer("fc1", new DenseLayer.Builder().nOut(4096).build(), previous)
        .addLayer("fc2", new DenseLayer.Builder().nOut(4096).build(), "fc1")
        .addLayer(
            "predictions",
            new OutputLayer.Builder().nOut(CLASSES).activation(Activation.SOFTMAX).build(),
            "fc2")
        .setOutputs("predictions")
        .build();
  }
}
