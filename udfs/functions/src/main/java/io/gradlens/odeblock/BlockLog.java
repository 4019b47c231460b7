package io.gradlens.odeblock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The accepted steps of a solve, as much of them as a number of bytes allows: all evaluations of
 * all steps; or, if that is too much, the state at the beginning of every step; or, if that is too
 * much still, such states in half of the bytes, evenly spaced, the other half being for those in
 * between when they are computed again.
 *
 * <p>Once evaluations were too much, this log does not try to keep them in later solves.
 */
final class BlockLog {

  /** A step. */
  static final class Step {
    final double t;
    final double end;

    /** The evaluations at its stages, or null. */
    private FieldTape[] tapes;

    /** The state at its beginning, or null. */
    private INDArray state;

    private Step(double t, double end) {
      this.t = t;
      this.end = end;
    }

    FieldTape[] tapes() {
      return tapes;
    }

    INDArray state() {
      return state;
    }
  }

  private final BlockField field;
  private final long budget;
  private final List<Step> steps = new ArrayList<>();
  private final Deque<FieldTape> freeTapes = new ArrayDeque<>();
  private final Deque<INDArray> freeStates = new ArrayDeque<>();
  private boolean isTaping = true;
  private int every;
  private long bytes;
  private long peakBytes;

  /**
   * @param budget in bytes, kept as near as it gets where few states fit
   */
  BlockLog(BlockField field, long budget) {
    this.field = field;
    this.budget = budget;
  }

  /** Forgets what it has, but for its arrays. */
  void begin() {
    for (int s = 0; s < steps.size(); s++) {
      forget(s);
    }
    steps.clear();
    every = 1;
    bytes = 0;
    peakBytes = 0;
  }

  /**
   * Writes a step down.
   *
   * @param tapes of its stages, with the state at its beginning on the first; those that the log
   *     keeps are exchanged for others
   * @param used how many of them the way back needs
   */
  void add(double t, double end, FieldTape[] tapes, int used) {
    Step step = new Step(t, end);
    long size = used * FieldTape.bytes(field.shape());
    if (isTaping && bytes + size > budget) {
      dropTapes();
    }
    if (isTaping) {
      step.tapes = Arrays.copyOf(tapes, used);
      for (int i = 0; i < used; i++) {
        tapes[i] = freeTapes.isEmpty() ? field.tape() : freeTapes.pop();
      }
      hold(size);
    } else if (steps.size() % every == 0) {
      keep(step, tapes[0].state);
    }
    steps.add(step);
    if (!isTaping) {
      thin();
    }
  }

  /** Keeps the states of evaluations only. */
  private void dropTapes() {
    isTaping = false;
    for (Step step : steps) {
      step.state = step.tapes[0].state;
      step.tapes[0].closeButState();
      for (int i = 1; i < step.tapes.length; i++) {
        step.tapes[i].close();
      }
      hold(field.shape().bytes() - step.tapes.length * FieldTape.bytes(field.shape()));
      step.tapes = null;
    }
    freeTapes.forEach(FieldTape::close);
    freeTapes.clear();
  }

  private void keep(Step step, INDArray state) {
    step.state = freeStates.isEmpty() ? field.shape().batch() : freeStates.pop();
    step.state.assign(state);
    hold(field.shape().bytes());
  }

  private void thin() {
    while (bytes > budget / 2 && every < steps.size()) {
      every *= 2;
      for (int s = 0; s < steps.size(); s++) {
        if (s % every != 0) {
          forget(s);
        }
      }
    }
  }

  /** Keeps a state that was computed again. */
  void recall(int s, INDArray state) {
    keep(steps.get(s), state);
  }

  /** Gives up what is kept of a step. */
  void forget(int s) {
    Step step = steps.get(s);
    if (step.tapes != null) {
      freeTapes.addAll(Arrays.asList(step.tapes));
      hold(-step.tapes.length * FieldTape.bytes(field.shape()));
      step.tapes = null;
    }
    if (step.state != null) {
      freeStates.push(step.state);
      hold(-field.shape().bytes());
      step.state = null;
    }
  }

  private void hold(long more) {
    bytes += more;
    peakBytes = Math.max(peakBytes, bytes);
  }

  int count() {
    return steps.size();
  }

  Step step(int s) {
    return steps.get(s);
  }

  long peakBytes() {
    return peakBytes;
  }

  void close() {
    begin();
    freeTapes.forEach(FieldTape::close);
    freeStates.forEach(INDArray::close);
  }
}
