package io.gradlens.cam;

/**
 * LayerCAM: map = Σ_k ReLU(g_k) ⊙ A_k. No channel weights.
 *
 * <p>Meant for earlier layers too, where one weight for a whole channel is too coarse.
 *
 * <p>Source: Jiang et al. 2021, equations 5 to 7.
 */
final class LayerCam implements CamMethod {

  @Override
  public String name() {
    return "layer-cam";
  }

  @Override
  public SaliencyMap map(ActivationTap tap) {
    int area = tap.height() * tap.width();
    double[] sum = new double[area];
    for (int k = 0, at = 0; k < tap.channels(); k++) {
      for (int i = 0; i < area; i++, at++) {
        sum[i] += Math.max(0.0, tap.gradient()[at]) * tap.activation()[at];
      }
    }
    return SaliencyMap.unweighted(tap, sum);
  }
}
