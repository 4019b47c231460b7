package io.gradlens.network;

import java.io.Serializable;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.ResidualPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.ThresholdAlgorithm;

/**
 * How updates become messages: an entry above the threshold is sent as the threshold with its sign,
 * what is left of it is added to the next update.
 *
 * @param threshold chooses it step by step
 * @param residual limits what is left over
 */
record SharingCode(ThresholdAlgorithm threshold, ResidualPostProcessor residual)
    implements Serializable {}
