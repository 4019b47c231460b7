package io.gradlens.network;

import java.io.Serializable;

/**
 * What an epoch was like.
 *
 * @param epoch from 1
 * @param iterations steps a worker took since training began
 * @param learningRate of its last step
 * @param trainingLoss the mean of the workers' last batches before each average, without the
 *     weights' penalty
 * @param validationLoss the mean of −log p of held-out pictures; NaN where none are held out
 * @param validationAccuracy the share of them that is right; NaN likewise
 * @param seconds since training began, those of earlier attempts included
 * @param imagesPerSecond learned from, without validation
 * @param nfeForward evaluations that ODE blocks took on a batch's way forward, on average; NaN
 *     without a block, and where workers share gradients
 * @param nfeBackward vector–Jacobian products on the way back; NaN likewise
 */
public record EpochRow(
    int epoch,
    int iterations,
    double learningRate,
    double trainingLoss,
    double validationLoss,
    double validationAccuracy,
    double seconds,
    double imagesPerSecond,
    double nfeForward,
    double nfeBackward)
    implements Serializable {}
