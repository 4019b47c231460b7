package io.gradlens.cam;

/** One way to turn activations and gradients of a layer into a map of the image. Stateless. */
public interface CamMethod {

  /** The name on the command line and in the {@code method} column, such as {@code grad-cam}. */
  String name();

  /**
   * Computes the map of one image, one target and one layer.
   *
   * @param tap A and ∂y_c/∂A; read only
   * @return the map before its ReLU, with the channel weights where the method has them
   */
  SaliencyMap map(ActivationTap tap);
}
