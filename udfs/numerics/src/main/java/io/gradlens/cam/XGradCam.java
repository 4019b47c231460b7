package io.gradlens.cam;

/**
 * XGrad-CAM: w_k = Σ_ij g_kij·A_kij / (Σ_ij A_kij + ε), map = Σ_k w_k·A_k, with ε = 1e-7.
 *
 * <p>Meant for layers behind a ReLU. Where activations are signed, ΣA_k may be near 0 and the
 * channel's weight as large as the quotient says; it is 0 where the denominator is exactly that.
 *
 * <p>Source: Fu et al. 2020, equation 8; ε as in the pytorch-grad-cam library.
 */
final class XGradCam implements CamMethod {

  private static final double EPSILON = 1e-7;

  @Override
  public String name() {
    return "xgrad-cam";
  }

  @Override
  public SaliencyMap map(ActivationTap tap) {
    int area = tap.height() * tap.width();
    double[] weights = new double[tap.channels()];
    for (int k = 0; k < weights.length; k++) {
      double products = 0;
      double activations = EPSILON;
      for (int at = k * area, end = at + area; at < end; at++) {
        products += (double) tap.gradient()[at] * tap.activation()[at];
        activations += tap.activation()[at];
      }
      weights[k] = activations == 0 ? 0 : products / activations;
    }
    return SaliencyMap.weighted(tap, weights);
  }
}
