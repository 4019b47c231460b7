package io.gradlens.network;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.optimize.stepfunctions.NegativeGradientStepFunction;
import org.deeplearning4j.spark.parameterserver.networking.v2.UpdatesConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The driver's weights, which take in every update of every worker. */
final class DriverWeights extends UpdatesConsumer {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AtomicLong received = new AtomicLong();

  /**
   * @param weights are changed
   */
  DriverWeights(INDArray weights) {
    params = weights;
    updates = weights.like();
    stepFunction = new NegativeGradientStepFunction();
  }

  @Override
  public void onNext(INDArray update) {
    super.onNext(update);
    received.incrementAndGet();
  }

  /**
   * Waits until all updates are in the weights.
   *
   * @throws NetworkFailedException if they are not within a minute
   */
  void await(long sent) {
    if (!Patience.waitFor(() -> received.get() >= sent, PATIENCE)) {
      throw new NetworkFailedException(
          "Of %d updates that workers sent by UDP, %d arrived at the driver; use --training-master averaging."
              .formatted(sent, received.get()));
    }
    flush();
  }
}
