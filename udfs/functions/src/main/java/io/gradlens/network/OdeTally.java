package io.gradlens.network;

import io.gradlens.odeblock.OdeCost;
import io.gradlens.odeblock.OdeCosts;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Adds up on the driver what ODE blocks take in the workers' batches. */
final class OdeTally implements Serializable {
  private static final long serialVersionUID = 1L;
  private final LongAccumulator nfeForward;
  private final LongAccumulator nfeBackward;

  OdeTally(JavaSparkContext context) {
    nfeForward = context.sc().longAccumulator("evaluations forward");
    nfeBackward = context.sc().longAccumulator("products backward");
  }

  /** Forgets what was added. */
  void reset() {
    nfeForward.reset();
    nfeBackward.reset();
  }

  /** A worker has learned from a batch. */
  void add(ComputationGraph network) {
    var costs = OdeCosts.of(network).values();
    if (!costs.isEmpty()) {
      nfeForward.add(costs.stream().mapToLong(OdeCost::nfeForward).sum());
      nfeBackward.add(costs.stream().mapToLong(OdeCost::nfeBackward).sum());
    }
  }

  /** Evaluations of f a batch; NaN without a block. */
  double nfeForward() {
    return nfeForward.avg();
  }

  /** Vector–Jacobian products of f a batch; NaN without a block. */
  double nfeBackward() {
    return nfeBackward.avg();
  }
}
