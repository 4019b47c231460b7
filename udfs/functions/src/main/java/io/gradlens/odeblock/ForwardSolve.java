package io.gradlens.odeblock;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Solves dz/dt = f(z, t) from 0 to 1. */
final class ForwardSolve implements StepWalk.Walker {
  private final BlockMethod method;
  private final BlockStages stages;
  private final StepWalk walk;
  private final ErrorNorm norm;
  private final INDArray error;
  private BlockLog log;
  private int evaluations;

  /**
   * @param isLogged whether there will be a log that keeps evaluations
   */
  ForwardSolve(BlockMethod method, BlockField field, boolean isLogged) {
    this.method = method;
    stages = new BlockStages(method, field, isLogged);
    walk = new StepWalk(method);
    norm = method.isFixed() ? null : new ErrorNorm(method.controller(), field.shape());
    error = method.isFixed() ? null : field.shape().batch();
  }

  /** z: at 0 before a solve, at 1 after it. */
  INDArray state() {
    return stages.state();
  }

  /** What to evaluate on; free between solves. */
  BlockStages stages() {
    return stages;
  }

  /** Of the last solve. */
  int evaluations() {
    return evaluations;
  }

  int accepted() {
    return walk.accepted();
  }

  int rejected() {
    return walk.rejected();
  }

  /**
   * Solves.
   *
   * @param steps takes the steps down; null for no log
   * @throws ArithmeticException if the solve does not get to 1
   */
  void run(BlockLog steps) {
    log = steps;
    if (log != null) {
      log.begin();
    }
    stages.begin(0);
    evaluations = 1;
    walk.run(this);
  }

  /**
   * Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4: h₀ = 0.01 |z|/|f|, h
   * = min(100 h₀, (0.01/max(|f|, |f(z + h₀f) − f|/h₀))^(1/k)), in the norm of the error estimate.
   */
  @Override
  public double firstStep() {
    INDArray z = stages.state();
    INDArray f = stages.slopes[0];
    double d0 = Math.sqrt(norm.square(error.assign(z), z, z));
    double d1 = Math.sqrt(norm.square(error.assign(f), z, z));
    double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
    int probe = 1;
    stages.tapes[probe].state.assign(z);
    BlockMethod.add(h0, f, stages.tapes[probe].state);
    stages.evaluate(probe, 0, h0 / method.tableau().c(probe));
    evaluations++;
    error.assign(stages.slopes[probe]).subi(f);
    double d2 = Math.sqrt(norm.square(error, z, z)) / h0;
    return StepWalk.firstStep(h0, Math.max(d1, d2), method);
  }

  @Override
  public double attempt(double t, double end, boolean isLast) {
    int last = stages.tapes.length - 1;
    for (int i = 1; i <= last; i++) {
      stages.move(i, t, end);
      if (i < last || !isLast || !method.isFixed()) {
        stages.evaluate(i, t, end);
        evaluations++;
      }
    }
    if (method.isFixed()) {
      return 0;
    }
    method.error(end - t, stages.slopes, error);
    return norm.square(error, stages.state(), stages.tapes[last].state);
  }

  @Override
  public void accept(double t, double end) {
    if (log != null) {
      log.add(t, end, stages.tapes, method.lastStage() + 1);
    }
    stages.advance();
  }

  void close() {
    stages.close();
    if (norm != null) {
      norm.close();
      error.close();
    }
  }
}
