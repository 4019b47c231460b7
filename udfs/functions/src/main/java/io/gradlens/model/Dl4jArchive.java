package io.gradlens.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network in a file of DL4J's {@code ModelSerializer}. Its weights go to native memory as they
 * are read; {@code ModelSerializer} itself holds them in the heap two and a half times, where
 * executors have no room for a network like VGG19.
 */
final class Dl4jArchive {

  private Dl4jArchive() {}

  /**
   * @throws IOException if the file is no such archive
   */
  static ComputationGraph read(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String json = text(stream(zip, ModelSerializer.CONFIGURATION_JSON));
      INDArray weights = weights(zip);
      return isGraph(json) ? graph(json, weights) : multiLayer(json, weights);
    }
  }

  private static InputStream stream(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException("it has no " + name);
    }
    return zip.getInputStream(entry);
  }

  /** Null where no layer has any. */
  private static INDArray weights(ZipFile zip) throws IOException {
    if (zip.getEntry(ModelSerializer.NO_PARAMS_MARKER) != null) {
      return null;
    }
    InputStream weights = stream(zip, ModelSerializer.COEFFICIENTS_BIN);
    try (var stream = new DataInputStream(new BufferedInputStream(weights, 1 << 16))) {
      return Nd4j.read(stream);
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static boolean isGraph(String json) throws IOException {
    return new ObjectMapper().readTree(json).has("vertices");
  }

  private static ComputationGraph multiLayer(String json, INDArray weights) {
    MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
    if (weights != null) {
      configuration.setDataType(weights.dataType());
    }
    var network = new MultiLayerNetwork(configuration);
    network.init(weights, false);
    return network.toComputationGraph();
  }

  private static ComputationGraph graph(String json, INDArray weights) {
    ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
    if (weights != null) {
      configuration.setDataType(weights.dataType());
    }
    var network = new ComputationGraph(configuration);
    network.init(weights, false);
    return network;
  }
}
