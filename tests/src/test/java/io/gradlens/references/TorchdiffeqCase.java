package io.gradlens.references;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.io.IOException;
import java.nio.file.Path;

/** A batch of trajectories of a network, with the gradients that torchdiffeq gives. */
final class TorchdiffeqCase {
  final JsonNode json;
  final double rtol;
  final double atol;
  final double[] t;
  final double[] y0;
  final int dim;
  private final int batch;
  private final double[] targets;

  TorchdiffeqCase(Path file) throws IOException {
    json = new ObjectMapper().readTree(file.toFile());
    rtol = json.at("/solver/rtol").asDouble();
    atol = json.at("/solver/atol").asDouble();
    t = numbers(json.get("t"));
    y0 = numbers(json.get("y0"));
    targets = numbers(json.get("targets"));
    batch = json.get("y0").size();
    dim = y0.length / batch;
  }

  /** All numbers of nested lists, in order. */
  static double[] numbers(JsonNode node) {
    if (!node.isArray()) {
      return new double[] {node.asDouble()};
    }
    double[] all = {};
    int size = 0;
    for (JsonNode child : node) {
      double[] part = numbers(child);
      if (size == 0) {
        all = new double[part.length * node.size()];
      }
      System.arraycopy(part, 0, all, size, part.length);
      size += part.length;
    }
    return all;
  }

  /** θ in the order W1, b1, W2, b2 of a node that holds those four. */
  static double[] theta(JsonNode node) {
    double[] all = {};
    for (String name : new String[] {"W1", "b1", "W2", "b2"}) {
      double[] part = numbers(node.get(name));
      double[] longer = new double[all.length + part.length];
      System.arraycopy(all, 0, longer, 0, all.length);
      System.arraycopy(part, 0, longer, all.length, part.length);
      all = longer;
    }
    return all;
  }

  MlpShape shape() {
    return MlpShape.of(dim, Activation.TANH, json.at("/field/b1").size())
        .withPower(json.at("/field/input_power").asInt());
  }

  double[] theta() {
    return theta(json.get("field"));
  }

  Mlp field() {
    return new Mlp(shape(), theta());
  }

  Trajectories trajectories() {
    return Trajectories.of(dim, y0, t);
  }

  /** Mean absolute or mean squared error over all numbers of the batch. */
  Loss loss() {
    boolean isSquared = json.get("loss").asText().equals("mean_squared_error");
    double size = targets.length;
    return (trajectory, ts, ys, gradYs) -> {
      double sum = 0;
      for (int j = 0; j < ts.length; j++) {
        for (int d = 0; d < dim; d++) {
          double error = ys[j * dim + d] - targets[(j * batch + trajectory) * dim + d];
          sum += isSquared ? error * error : Math.abs(error);
          gradYs[j * dim + d] = (isSquared ? 2 * error : Math.signum(error)) / size;
        }
      }
      return sum / size;
    };
  }
}
