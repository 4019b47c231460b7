package io.gradlens.odeblock;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The evaluations of one step: states at its stages, on tapes, and their slopes. */
final class BlockStages {
  private final BlockMethod method;
  private final BlockField field;

  /** One a stage; the first holds the state at the step's beginning. */
  final FieldTape[] tapes;

  final INDArray[] slopes;

  /**
   * @param areKept whether evaluations are kept for the way back; else their memory is that of one
   */
  BlockStages(BlockMethod method, BlockField field, boolean areKept) {
    this.method = method;
    this.field = field;
    int count = method.tableau().end() + 1;
    tapes = new FieldTape[count];
    slopes = new INDArray[count];
    tapes[0] = field.tape();
    for (int i = 1; i < count; i++) {
      tapes[i] = areKept ? field.tape() : new FieldTape(field.shape(), tapes[0]);
    }
    Arrays.setAll(slopes, i -> field.shape().batch());
  }

  /** The state that a step begins with. */
  INDArray state() {
    return tapes[0].state;
  }

  /** Evaluates f at a step's beginning. */
  void begin(double t) {
    field.apply(t, tapes[0], slopes[0]);
  }

  /** Computes the state at a stage, the last of which is the step's end. */
  void move(int stage, double t, double end) {
    method.state(stage, end - t, tapes[0].state, slopes, tapes[stage].state);
  }

  /** Evaluates f at a stage's state. */
  void evaluate(int stage, double t, double end) {
    field.apply(method.time(stage, t, end), tapes[stage], slopes[stage]);
  }

  /** Makes the end of the step the beginning of the next. */
  void advance() {
    int end = tapes.length - 1;
    FieldTape tape = tapes[0];
    tapes[0] = tapes[end];
    tapes[end] = tape;
    INDArray slope = slopes[0];
    slopes[0] = slopes[end];
    slopes[end] = slope;
  }

  void close() {
    for (FieldTape tape : tapes) {
      tape.close();
    }
    for (INDArray slope : slopes) {
      slope.close();
    }
  }
}
