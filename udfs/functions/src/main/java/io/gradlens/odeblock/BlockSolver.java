package io.gradlens.odeblock;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An ODE block's solves for batches of one shape, with all the memory they take. Belongs to one
 * thread at a time.
 */
final class BlockSolver {
  private final BlockField field;
  private final ForwardSolve forward;
  private final BlockLog log;
  private final DiscreteSweep discrete;
  private final BacksolveSweep backsolve;
  private final FieldGradient sums;
  private boolean canGoBack;
  private OdeCost cost = new OdeCost(0, 0, 0, 0, 0);

  /**
   * @param adjoint of the way back
   * @param bytes of steps that may be kept
   */
  BlockSolver(BlockMethod method, BatchShape shape, OdeAdjoint adjoint, long bytes) {
    field = new BlockField(shape);
    boolean isLogged = adjoint == OdeAdjoint.DISCRETE;
    forward = new ForwardSolve(method, field, isLogged);
    log = isLogged ? new BlockLog(field, bytes) : null;
    discrete = log == null ? null : new DiscreteSweep(method, field, log, forward.stages());
    backsolve = isLogged ? null : new BacksolveSweep(method, field);
    sums = new FieldGradient(shape);
  }

  BatchShape shape() {
    return field.shape();
  }

  /** z: what is written here is the state at 0; after {@link #forward}, it is that at 1. */
  INDArray state() {
    return forward.state();
  }

  /** Takes the parameters as they are now; they must not change until the way back is done. */
  void weights(Map<String, INDArray> parameters) {
    field.weights(parameters);
  }

  /**
   * Solves.
   *
   * @param isTraining whether {@link #backward} is to follow
   */
  void forward(boolean isTraining) {
    canGoBack = false;
    forward.run(isTraining ? log : null);
    canGoBack = isTraining;
    cost =
        new OdeCost(
            forward.evaluations(),
            0,
            forward.accepted(),
            forward.rejected(),
            log == null ? 0 : log.peakBytes());
  }

  /**
   * The way back from the last forward solve; once.
   *
   * @param cotangent of the state at 1, overwritten by that of the state at 0
   * @throws IllegalStateException if the last solve was not to be gone back over, or has been
   */
  void backward(INDArray cotangent) {
    if (!canGoBack) {
      throw new IllegalStateException(
          "An ODE block goes back once after each forward pass in training mode.");
    }
    canGoBack = false;
    sums.clear();
    int products;
    if (discrete != null) {
      discrete.run(cotangent, sums);
      products = discrete.products();
    } else {
      backsolve.run(forward.state(), cotangent, sums);
      products = backsolve.evaluations();
    }
    cost =
        new OdeCost(
            cost.nfeForward(),
            products,
            cost.stepsAccepted(),
            cost.stepsRejected(),
            log == null ? 0 : log.peakBytes());
  }

  /**
   * Writes the parameters' part of what {@link #backward} found.
   *
   * @param gradients overwritten, by the parameters' names
   */
  void gradients(Map<String, INDArray> gradients) {
    field.finish(sums, gradients);
  }

  OdeCost cost() {
    return cost;
  }

  void close() {
    forward.close();
    if (log != null) {
      log.close();
      discrete.close();
    }
    if (backsolve != null) {
      backsolve.close();
    }
    sums.close();
    field.close();
  }
}
