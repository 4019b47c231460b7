package io.gradlens.device;

import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.nn.MlpShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adds up dL/dθ on the device: dL/dW_l = Σ δ_l x_lᵀ, dL/db_l = Σ δ_l, over evaluations and, if only
 * the sum is wanted, lanes.
 */
final class ThetaSum {
  private final MlpShape shape;
  private final ThetaGradient kind;
  private final int lanes;

  /** {@code [out][in]}, or {@code [lane][out][in]}. */
  private final INDArray[] weights;

  /** {@code [out][1]}, or {@code [lane][out]}. */
  private final INDArray[] biases;

  ThetaSum(DeviceMlp net, ThetaGradient kind, int lanes) {
    shape = net.shape;
    this.kind = kind;
    this.lanes = lanes;
    int layers = kind == ThetaGradient.NONE ? 0 : shape.layers();
    weights = new INDArray[layers];
    biases = new INDArray[layers];
    for (int l = 0; l < layers; l++) {
      int out = shape.outputs(l);
      int in = shape.inputs(l);
      if (kind == ThetaGradient.SUM) {
        // Column by column, as the product that adds to it wants it.
        weights[l] = Nd4j.create(net.type, new long[] {out, in}, 'f');
        biases[l] = LaneArray.of(net.type, out, 1);
      } else {
        weights[l] = Nd4j.create(net.type, new long[] {lanes, out, in}, 'c');
        biases[l] = LaneArray.of(net.type, lanes, out);
      }
    }
  }

  void clear() {
    for (int l = 0; l < weights.length; l++) {
      weights[l].assign(0);
      biases[l].assign(0);
    }
  }

  /**
   * Adds what a layer has to add.
   *
   * @param delta δ_l, {@code [out][lane]}
   * @param x x_l, {@code [in][lane]}
   */
  void add(int l, INDArray delta, INDArray x) {
    switch (kind) {
      case NONE -> {}
      case SUM -> {
        Nd4j.gemm(delta, x, weights[l], false, true, 1, 1);
        try (INDArray sum = delta.sum(true, 1)) {
          biases[l].addi(sum);
        }
      }
      case PER_TRAJECTORY -> {
        try (INDArray rows = delta.transpose().dup('c');
            INDArray columns = x.transpose().dup('c');
            INDArray products =
                rows.reshape(lanes, shape.outputs(l), 1)
                    .mul(columns.reshape(lanes, 1, shape.inputs(l)))) {
          weights[l].addi(products);
          biases[l].addi(rows);
        }
      }
    }
  }

  /** Adds the sum to an array in the order of {@link MlpShape}. */
  void addTo(double[] theta) {
    for (int l = 0; l < weights.length; l++) {
      add(weights[l].dup('c').data().asDouble(), theta, shape.offset(l));
      add(biases[l].data().asDouble(), theta, biasesAt(l));
    }
  }

  /** Adds a lane's part to an array in the order of {@link MlpShape}. */
  void addLaneTo(int lane, double[] theta) {
    for (int l = 0; l < weights.length; l++) {
      add(weights[l].slice(lane).dup('c').data().asDouble(), theta, shape.offset(l));
      add(biases[l].getRow(lane).dup().data().asDouble(), theta, biasesAt(l));
    }
  }

  private int biasesAt(int l) {
    return shape.offset(l) + shape.outputs(l) * shape.inputs(l);
  }

  private static void add(double[] part, double[] sum, int from) {
    for (int i = 0; i < part.length; i++) {
      sum[from + i] += part[i];
    }
  }
}
