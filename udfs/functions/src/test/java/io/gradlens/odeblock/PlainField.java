package io.gradlens.odeblock;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The block's right-hand side for one image {@code [C,H,W]}, straight from its definition. */
final class PlainField {
  private final Map<String, INDArray> parameters;
  private final int channels;
  private final int side;

  PlainField(Map<String, INDArray> parameters, int channels, int side) {
    this.parameters = parameters;
    this.channels = channels;
    this.side = side;
  }

  double[] at(double[] z, double t) {
    double[] x = convolved(relu(normalised(z, 1)), t, 1);
    x = convolved(relu(normalised(x, 2)), t, 2);
    return normalised(x, 3);
  }

  private static double[] relu(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.max(0, x[i]);
    }
    return y;
  }

  private double[] normalised(double[] x, int number) {
    int groups = Math.min(32, channels);
    int size = x.length / groups;
    double[] y = new double[x.length];
    for (int g = 0; g < groups; g++) {
      double mean = 0;
      double square = 0;
      for (int i = g * size; i < (g + 1) * size; i++) {
        mean += x[i] / size;
        square += x[i] * x[i] / size;
      }
      for (int i = g * size; i < (g + 1) * size; i++) {
        int c = i / (side * side);
        y[i] =
            parameters.get("gamma" + number).getDouble(c)
                    * (x[i] - mean)
                    / Math.sqrt(square - mean * mean + 1e-5)
                + parameters.get("beta" + number).getDouble(c);
      }
    }
    return y;
  }

  private double[] convolved(double[] x, double t, int number) {
    INDArray w = parameters.get("W" + number);
    INDArray timed = parameters.get("T" + number);
    double[] y = new double[x.length];
    for (int o = 0; o < channels; o++) {
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          double sum = parameters.get("b" + number).getDouble(o);
          for (int u = 0; u < 3; u++) {
            for (int v = 0; v < 3; v++) {
              int row = i + u - 1;
              int column = j + v - 1;
              if (row < 0 || row >= side || column < 0 || column >= side) {
                continue;
              }
              for (int c = 0; c < channels; c++) {
                sum += w.getDouble(u, v, c, o) * x[(c * side + row) * side + column];
              }
              sum += timed.getDouble(u, v, o) * t;
            }
          }
          y[(o * side + i) * side + j] = sum;
        }
      }
    }
    return y;
  }
}
