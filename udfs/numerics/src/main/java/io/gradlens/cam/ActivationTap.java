package io.gradlens.cam;

/**
 * What a class activation map is made of, for one image, one target class and one layer.
 *
 * <p>Both arrays are read, never written, and channel major: element (k, i, j) stands at {@code
 * (k·H + i)·W + j}.
 *
 * @param channels K
 * @param height H, rows of the feature map
 * @param width W, columns of the feature map
 * @param activation A, the layer's output, {@code [K,H,W]}
 * @param gradient g = ∂y_c/∂A, the gradient of the target class's logit (before softmax), {@code
 *     [K,H,W]}
 */
public record ActivationTap(
    int channels, int height, int width, float[] activation, float[] gradient) {

  /**
   * @throws IllegalArgumentException if an array's length is not K·H·W
   */
  public ActivationTap {
    int size = channels * height * width;
    if (activation.length != size || gradient.length != size) {
      throw new IllegalArgumentException(
          "An ActivationTap of %d x %d x %d needs %d activations and gradients, got %d and %d"
              .formatted(channels, height, width, size, activation.length, gradient.length));
    }
  }
}
