package io.gradlens.cam;

/**
 * Grad-CAM: w_k = (1/Z)·Σ_ij g_kij, map = Σ_k w_k·A_k, with Z = H·W.
 *
 * <p>Behind the layer a global average pool and one dense layer make it the older CAM divided by Z.
 *
 * <p>Source: Selvaraju et al. 2017, equations 1 and 2.
 */
final class GradCam implements CamMethod {

  @Override
  public String name() {
    return "grad-cam";
  }

  @Override
  public SaliencyMap map(ActivationTap tap) {
    int area = tap.height() * tap.width();
    double[] weights = new double[tap.channels()];
    for (int k = 0; k < weights.length; k++) {
      double sum = 0;
      for (int at = k * area, end = at + area; at < end; at++) {
        sum += tap.gradient()[at];
      }
      weights[k] = sum / area;
    }
    return SaliencyMap.weighted(tap, weights);
  }
}
