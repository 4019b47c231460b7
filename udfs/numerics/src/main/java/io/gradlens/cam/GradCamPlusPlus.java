package io.gradlens.cam;

/**
 * Grad-CAM++: α_kij = g²/(2g² + g³·ΣA_k + ε), and 0 where g = 0; w_k = Σ_ij α_kij·ReLU(g_kij); map
 * = Σ_k w_k·A_k.
 *
 * <p>This is the form of the pytorch-grad-cam library, ε = 1e-6, which users know. The ε is not
 * small where gradients are: the map then depends on the scale of the logits. Where activations are
 * signed the denominator can pass through 0; α is 0 where it is exactly that.
 *
 * <p>Source: Chattopadhyay et al. 2018, equations 7, 10 and 19, which have no ε.
 */
final class GradCamPlusPlus implements CamMethod {

  private static final double EPSILON = 1e-6;

  @Override
  public String name() {
    return "grad-cam++";
  }

  @Override
  public SaliencyMap map(ActivationTap tap) {
    int area = tap.height() * tap.width();
    double[] weights = new double[tap.channels()];
    for (int k = 0; k < weights.length; k++) {
      int begin = k * area;
      double activations = 0;
      for (int at = begin; at < begin + area; at++) {
        activations += tap.activation()[at];
      }
      for (int at = begin; at < begin + area; at++) {
        double g = tap.gradient()[at];
        // The ReLU cuts negative ones; a NaN must stay one.
        if (!(g <= 0)) {
          double denominator = 2 * g * g + activations * g * g * g + EPSILON;
          weights[k] += denominator == 0 ? 0 : g * g / denominator * g;
        }
      }
    }
    return SaliencyMap.weighted(tap, weights);
  }
}
