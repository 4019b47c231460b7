package io.gradlens.train;

/**
 * What an iteration was like.
 *
 * @param iteration from 1
 * @param loss the mean over its windows, at θ before its step; NaN where the trainer backed off
 * @param validationLoss the mean over whole trajectories, at θ after its step; NaN where it was not
 *     computed
 * @param gradientNorm Euclidean, before clipping
 * @param nfe evaluations of f, forwards and backwards, over all windows
 * @param seconds since training began, those of earlier attempts included
 */
public record HistoryRow(
    int iteration,
    double loss,
    double validationLoss,
    double gradientNorm,
    long nfe,
    double seconds) {}
