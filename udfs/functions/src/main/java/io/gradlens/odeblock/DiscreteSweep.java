package io.gradlens.odeblock;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Back through the steps of a solve: for a step z₁ = z + h Σ b_i k_i with k_i = f(Z_i, t + c_i h),
 * Z_i = z + h Σ_j a_ij k_j, and a cotangent λ₁ of z₁, from the last stage to the first,
 *
 * <p>κ_i = h (b_i λ₁ + Σ_{j>i} a_ji u_j), u_i = (∂f/∂z)ᵀ κ_i, λ = λ₁ + Σ u_i, dL/dθ += κ_iᵀ ∂f/∂θ
 *
 * <p>with the derivatives at Z_i. Step sizes count as constants.
 */
final class DiscreteSweep {
  private final BlockMethod method;
  private final BlockField field;
  private final BlockLog log;
  private final BlockStages stages;
  private final INDArray[] u;
  private final INDArray kappa;
  private final double[][] rows;
  private int products;

  /**
   * @param stages to evaluate steps on again
   */
  DiscreteSweep(BlockMethod method, BlockField field, BlockLog log, BlockStages stages) {
    this.method = method;
    this.field = field;
    this.log = log;
    this.stages = stages;
    u = new INDArray[method.lastStage() + 1];
    Arrays.setAll(u, i -> field.shape().batch());
    kappa = field.shape().batch();
    rows = method.tableau().stageRows();
  }

  /** Vector–Jacobian products of the last run. */
  int products() {
    return products;
  }

  /**
   * @param cotangent of the state at 1, overwritten by that of the state at 0
   * @param sums the parameters' part is added
   */
  void run(INDArray cotangent, FieldGradient sums) {
    products = 0;
    for (int s = log.count() - 1; s >= 0; s--) {
      bringBack(s);
      BlockLog.Step step = log.step(s);
      FieldTape[] tapes = step.tapes();
      if (tapes == null) {
        again(step, method.lastStage());
        tapes = stages.tapes;
      }
      back(step, tapes, cotangent, sums);
      log.forget(s);
    }
  }

  /** Takes steps again, from the last one whose state was kept to this one. */
  private void bringBack(int s) {
    int from = s;
    while (log.step(from).tapes() == null && log.step(from).state() == null) {
      from--;
    }
    int end = method.tableau().end();
    for (int i = from; i < s; i++) {
      BlockLog.Step step = log.step(i);
      again(step, method.lastStage());
      stages.move(end, step.t, step.end);
      log.recall(i + 1, stages.tapes[end].state);
    }
  }

  /** Evaluates the stages of a step up to one. */
  private void again(BlockLog.Step step, int last) {
    stages.state().assign(step.state());
    stages.begin(step.t);
    for (int i = 1; i <= last; i++) {
      stages.move(i, step.t, step.end);
      stages.evaluate(i, step.t, step.end);
    }
  }

  private void back(BlockLog.Step step, FieldTape[] tapes, INDArray lambda, FieldGradient sums) {
    double h = step.end - step.t;
    int last = method.lastStage();
    for (int i = last; i >= 0; i--) {
      kappa.assign(0);
      BlockMethod.add(h * method.tableau().b(i), lambda, kappa);
      for (int j = i + 1; j <= last; j++) {
        BlockMethod.add(h * rows[j][i], u[j], kappa);
      }
      field.vjp(tapes[i], kappa, u[i], 1, sums);
      products++;
    }
    for (INDArray part : u) {
      BlockMethod.add(1, part, lambda);
    }
  }

  void close() {
    for (INDArray part : u) {
      part.close();
    }
    kappa.close();
  }
}
