package io.gradlens.device;

import io.gradlens.ode.ButcherTableau;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights of a dense output that differ from lane to lane, applied to all lanes together. */
final class DenseLanes {
  private final double[][] weights;
  private final INDArray row;
  private final INDArray term;

  DenseLanes(ButcherTableau tableau, DataType type, int dim, int lanes) {
    weights = new double[tableau.denseStages()][lanes];
    row = LaneArray.of(type, 1, lanes);
    term = LaneArray.of(type, dim, lanes);
  }

  /** Sets a lane's weights, times a factor. */
  void set(int lane, double[] ofLane, double factor) {
    for (int q = 0; q < weights.length; q++) {
      weights[q][lane] = factor * ofLane[q];
    }
  }

  /** Makes all weights 0. */
  void clear() {
    for (double[] each : weights) {
      Arrays.fill(each, 0);
    }
  }

  /** Σ_q w_q∘k_q is added; a stage that no lane wants is not looked at. */
  void addSum(INDArray[] k, INDArray sum) {
    for (int q = 0; q < weights.length; q++) {
      if (isWanted(q)) {
        sum.addi(times(q, k[q]));
      }
    }
  }

  /** w_q∘x is added to each of the stages' arrays. */
  void addEach(INDArray x, INDArray[] stages) {
    for (int q = 0; q < weights.length; q++) {
      if (isWanted(q)) {
        stages[q].addi(times(q, x));
      }
    }
  }

  private boolean isWanted(int q) {
    for (double weight : weights[q]) {
      if (weight != 0) {
        return true;
      }
    }
    return false;
  }

  private INDArray times(int q, INDArray x) {
    LaneArray.upload(weights[q], row);
    return term.assign(x).muliRowVector(row);
  }
}
