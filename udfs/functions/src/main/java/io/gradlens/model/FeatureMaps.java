package io.gradlens.model;

/**
 * A layer's output, or a gradient at it, for a batch.
 *
 * @param channels K
 * @param height H
 * @param width W
 * @param values one channel-major {@code [K,H,W]} array an image
 */
public record FeatureMaps(int channels, int height, int width, float[][] values) {}
