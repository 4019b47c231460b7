package io.gradlens.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.image.PixelImage;
import io.gradlens.image.Resampler;
import io.gradlens.image.ResizeFilter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The sample network: five convolutions with batch normalisation, the maximum of each of the last
 * one's 12x12 maps, one dense layer to the classes. Its last activation is where Grad-CAM looks.
 *
 * <p>The maximum (Oquab et al. 2015) finds a small object as readily as a large one; in an average
 * over the whole picture it would drown in the background.
 */
final class ShapesCnn {

  /** Rows and columns of the input. */
  static final int SIDE = 96;

  static final double PIXEL_SCALE = 1 / 255.0;

  /** The maps that the global pool takes the maximum of. */
  static final String LAST_MAPS = "relu5";

  static final String OUTPUT = "output";

  /** The zip's entry that DL4J does not know: input size, preprocessing, classes, origin. */
  static final String EXTRA_ENTRY = "gradlens.json";

  private ShapesCnn() {}

  /** The network with random weights. */
  static ComputationGraph untrained(long seed, IUpdater updater) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(updater)
            .l2(1e-5)
            .weightInit(WeightInit.RELU)
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(SIDE, SIDE, 3));
    String last = convolution(graph, 1, 5, 2, 16, "image");
    last = convolution(graph, 2, 3, 1, 32, last);
    last = halved(graph, 2, last);
    last = convolution(graph, 3, 3, 1, 48, last);
    last = halved(graph, 3, last);
    last = convolution(graph, 4, 3, 1, 64, last);
    last = convolution(graph, 5, 3, 1, 96, last);
    graph.addLayer(
        "pool5", new GlobalPoolingLayer.Builder().poolingType(PoolingType.MAX).build(), last);
    graph.addLayer(
        OUTPUT,
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(Shape.values().length)
            .activation(Activation.SOFTMAX)
            .weightInit(WeightInit.XAVIER)
            .build(),
        "pool5");
    ComputationGraph net = new ComputationGraph(graph.setOutputs(OUTPUT).build());
    net.init();
    return net;
  }

  /** The picture squashed to the network's input: planes of red, green and blue, 8 bit. */
  static byte[] planes(PixelImage image) {
    PixelImage small = Resampler.resize(image.toRgb(), SIDE, SIDE, ResizeFilter.BILINEAR);
    byte[] planes = new byte[3 * SIDE * SIDE];
    for (int p = 0; p < SIDE * SIDE; p++) {
      for (int c = 0; c < 3; c++) {
        planes[c * SIDE * SIDE + p] = small.samples()[3 * p + c];
      }
    }
    return planes;
  }

  /** Names of the classes in the order of the network's outputs. */
  static List<String> classNames() {
    return Arrays.stream(Shape.values()).map(Shape::label).toList();
  }

  /** Writes DL4J's zip, without the updater's state, and our entry into it. */
  static void save(ComputationGraph net, Path file, Map<String, Object> provenance)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    ModelSerializer.writeModel(net, file.toFile(), false);
    Map<String, Object> preprocessing = new LinkedHashMap<>();
    preprocessing.put("channelOrder", "RGB");
    preprocessing.put("scale", PIXEL_SCALE);
    preprocessing.put("mean", List.of(0.0));
    preprocessing.put("std", List.of(1.0));
    Map<String, Object> extra = new LinkedHashMap<>();
    // DL4J does not store the input's size, and behind a global pool nothing tells it.
    extra.put("input", new TreeMap<>(Map.of("height", SIDE, "width", SIDE, "channels", 3)));
    extra.put("preprocessing", preprocessing);
    extra.put("classNames", classNames());
    extra.put("provenance", provenance);
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
      Files.writeString(
          zip.getPath(EXTRA_ENTRY),
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(extra) + "\n");
    }
  }

  private static String convolution(
      GraphBuilder graph, int number, int kernel, int stride, int channels, String from) {
    String relu = "relu" + number;
    graph
        .addLayer(
            "conv" + number,
            new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .nOut(channels)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(),
            from)
        .addLayer(
            "norm" + number, new BatchNormalization.Builder().decay(0.95).build(), "conv" + number)
        .addLayer(relu, new ActivationLayer(Activation.RELU), "norm" + number);
    return relu;
  }

  private static String halved(GraphBuilder graph, int number, String from) {
    String pool = "pool" + number;
    graph.addLayer(
        pool,
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        from);
    return pool;
  }
}
