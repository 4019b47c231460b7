package io.gradlens.cam;

/**
 * HiResCAM: map = Σ_k g_k ⊙ A_k. No channel weights.
 *
 * <p>It shows only places that raised the logit, where the layer is followed by one linear layer.
 *
 * <p>Source: Draelos and Carin 2020, equation 6.
 */
final class HiResCam implements CamMethod {

  @Override
  public String name() {
    return "hires-cam";
  }

  @Override
  public SaliencyMap map(ActivationTap tap) {
    int area = tap.height() * tap.width();
    double[] sum = new double[area];
    for (int k = 0, at = 0; k < tap.channels(); k++) {
      for (int i = 0; i < area; i++, at++) {
        sum[i] += (double) tap.gradient()[at] * tap.activation()[at];
      }
    }
    return SaliencyMap.unweighted(tap, sum);
  }
}
