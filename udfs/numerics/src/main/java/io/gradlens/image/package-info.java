/**
 * Pictures on their way into a network: 8-bit pixels, and resizing that gives the same bits as
 * Pillow, so that a model sees here what it saw in training.
 *
 * <p>{@link io.gradlens.image.PixelImage} holds the samples. {@link io.gradlens.image.Fit} says
 * which part of a picture fills the input (all of it, or a centred crop), {@link
 * io.gradlens.image.ResizeFilter} how its pixels are weighed, {@link io.gradlens.image.Resampler}
 * does it.
 *
 * <pre>{@code
 * FittedImage input = Fit.SQUASH.apply(picture, 224, 224, ResizeFilter.BILINEAR);
 * }</pre>
 */
package io.gradlens.image;
