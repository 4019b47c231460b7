package io.gradlens.device;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The mean square of x / (atol + rtol·max(|y|, |y₁|)) over the components of each lane: the one
 * number a lane that the host needs to choose steps.
 */
final class DeviceNorm {
  private final int dim;
  private final INDArray rtol;
  private final INDArray atol;
  private final INDArray scale;
  private final INDArray other;
  private final INDArray sums;

  DeviceNorm(DataType type, int dim, int lanes) {
    this.dim = dim;
    rtol = LaneArray.of(type, 1, lanes);
    atol = LaneArray.of(type, 1, lanes);
    scale = LaneArray.of(type, dim, lanes);
    other = LaneArray.of(type, dim, lanes);
    sums = LaneArray.of(type, 1, lanes);
  }

  /** Sets every lane's tolerances. */
  void tolerances(double[] relative, double[] absolute) {
    LaneArray.upload(relative, rtol);
    LaneArray.upload(absolute, atol);
  }

  /** Computes what errors are measured by. */
  void scale(INDArray y, INDArray y1) {
    Transforms.abs(scale.assign(y), false);
    if (y != y1) {
      Transforms.max(scale, Transforms.abs(other.assign(y1), false), false);
    }
    scale.muliRowVector(rtol).addiRowVector(atol);
  }

  /** The mean squares of x by that measure. */
  double[] squares(INDArray x) {
    x.divi(scale, other);
    other.muli(other);
    other.sum(sums, true, 0);
    double[] squares = sums.data().asDouble();
    for (int l = 0; l < squares.length; l++) {
      squares[l] /= dim;
    }
    return squares;
  }
}
