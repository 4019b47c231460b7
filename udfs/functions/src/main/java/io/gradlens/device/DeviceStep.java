package io.gradlens.device;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step of an explicit Runge–Kutta method for all lanes: k_i = f(t + c_i h, y + h Σ_j a_ij k_j).
 * Every lane has its own t and h; one with h = 0 stands still.
 */
final class DeviceStep {
  final ButcherTableau tableau;

  /** f at the stages. */
  final INDArray[] k;

  /** The state before the step, and after it. */
  INDArray y;

  INDArray y1;

  /** Step sizes, {@code [1][lane]}. */
  final INDArray h;

  private final double[][] rows;
  private final MlpPass[] passes;
  private final boolean hasTime;
  private final INDArray stage;
  private final INDArray t;
  private final INDArray tNext;
  private final INDArray times;

  /**
   * @param passes one for each stage; they may be one and the same
   */
  DeviceStep(ButcherTableau tableau, DeviceMlp net, int lanes, MlpPass[] passes) {
    this.tableau = tableau;
    this.passes = passes;
    int dim = net.shape.dim();
    rows = tableau.stageRows();
    k = LaneArray.several(tableau.allStages(), net.type, dim, lanes);
    y = LaneArray.of(net.type, dim, lanes);
    y1 = LaneArray.of(net.type, dim, lanes);
    stage = LaneArray.of(net.type, dim, lanes);
    h = LaneArray.of(net.type, 1, lanes);
    t = LaneArray.of(net.type, 1, lanes);
    tNext = LaneArray.of(net.type, 1, lanes);
    times = LaneArray.of(net.type, 1, lanes);
    hasTime = net.shape.time() == MlpShape.Time.LAST_INPUT;
  }

  /** A step for which one pass serves all stages: nothing goes back through it. */
  static DeviceStep forward(ButcherTableau tableau, DeviceMlp net, int lanes) {
    MlpPass[] passes = new MlpPass[tableau.allStages()];
    Arrays.fill(passes, MlpPass.plain(net, lanes));
    return new DeviceStep(tableau, net, lanes, passes);
  }

  /** Sets where steps begin, where they end, and how long they are. */
  void times(double[] begin, double[] end, double[] sizes) {
    LaneArray.upload(begin, t);
    LaneArray.upload(end, tNext);
    LaneArray.upload(sizes, h);
  }

  /** f where steps begin. */
  void first() {
    passes[0].apply(t, y, k[0]);
  }

  /** The stages after the first, and the state after the step. */
  void attempt() {
    for (int i = 1; i < tableau.stages(); i++) {
      evaluate(i);
    }
    if (tableau.end() == tableau.stages()) {
      sum(tableau.end(), y1);
    }
  }

  /** f after the step, where the method has not needed it yet. */
  void finish() {
    if (tableau.end() == tableau.stages()) {
      passes[tableau.end()].apply(tNext, y1, k[tableau.end()]);
    }
  }

  /** The stages that only the dense output needs. */
  void denseStages() {
    for (int i = tableau.end() + 1; i < tableau.allStages(); i++) {
      evaluate(i);
    }
  }

  private void evaluate(int i) {
    INDArray state = i == tableau.end() ? y1 : stage;
    sum(i, state);
    passes[i].apply(time(tableau.c(i)), state, k[i]);
  }

  /**
   * f(t + h, y + h k₀) − k₀: how far f changes over a first step.
   *
   * @return good until the next step
   */
  INDArray probe(double[] begin, double[] end, double[] sizes) {
    times(begin, end, sizes);
    y1.assign(k[0]).muliRowVector(h).addi(y);
    passes[0].apply(tNext, y1, stage);
    return stage.subi(k[0]);
  }

  /** h Σ_i e_i k_i. */
  INDArray error(double[] weights, INDArray out) {
    LaneArray.combine(weights, k, out);
    return out.muliRowVector(h);
  }

  /** Evaluations of f that {@link #finish} takes. */
  int endEvaluations() {
    return tableau.end() == tableau.stages() ? 1 : 0;
  }

  private INDArray time(double c) {
    if (c == 1 || !hasTime) {
      return tNext;
    }
    return h.muli(c, times).addi(t);
  }

  private void sum(int i, INDArray out) {
    LaneArray.combine(rows[i], k, out);
    out.muliRowVector(h).addi(y);
  }

  /** Makes the ends of all steps the beginnings of the next ones. */
  void advance() {
    INDArray state = y;
    y = y1;
    y1 = state;
    int end = tableau.end();
    INDArray slopes = k[0];
    k[0] = k[end];
    k[end] = slopes;
  }
}
