package io.gradlens.device;

import io.gradlens.field.FieldPrecision;
import io.gradlens.model.NativeBackend;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** The parameters of an {@link Mlp} on the device; {@link MlpPass} evaluates it. */
final class DeviceMlp {
  final MlpShape shape;
  final DataType type;
  private final INDArray[] weights;
  private final INDArray[] transposed;
  private final INDArray[] biases;

  /**
   * Copies parameters to the device.
   *
   * @param theta in the order of {@link MlpShape}
   */
  DeviceMlp(MlpShape shape, double[] theta, FieldPrecision precision) {
    NativeBackend.configure();
    NativeBackend.useOneThread();
    this.shape = shape;
    type = precision == FieldPrecision.FLOAT32 ? DataType.FLOAT : DataType.DOUBLE;
    int layers = shape.layers();
    weights = new INDArray[layers];
    transposed = new INDArray[layers];
    biases = new INDArray[layers];
    for (int l = 0; l < layers; l++) {
      int out = shape.outputs(l);
      int in = shape.inputs(l);
      weights[l] = LaneArray.of(type, out, in);
      transposed[l] = LaneArray.of(type, in, out);
      biases[l] = LaneArray.of(type, out, 1);
    }
    setTheta(theta);
  }

  /** Takes other parameters, in the order of {@link MlpShape}. */
  void setTheta(double[] theta) {
    for (int l = 0; l < weights.length; l++) {
      int from = shape.offset(l);
      int out = shape.outputs(l);
      int size = out * shape.inputs(l);
      LaneArray.upload(Arrays.copyOfRange(theta, from, from + size), weights[l]);
      transposed[l].assign(weights[l].transpose());
      LaneArray.upload(Arrays.copyOfRange(theta, from + size, from + size + out), biases[l]);
    }
  }

  /** z = W_l x + b_l. */
  void affine(int l, INDArray x, INDArray z) {
    Nd4j.exec(new Mmul(weights[l], x, z, null));
    z.addiColumnVector(biases[l]);
  }

  /** g = W_lᵀ δ. */
  void transposed(int l, INDArray delta, INDArray g) {
    Nd4j.exec(new Mmul(transposed[l], delta, g, null));
  }
}
