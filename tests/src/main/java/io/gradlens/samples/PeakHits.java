package io.gradlens.samples;

import io.gradlens.cam.Upsampling;
import io.gradlens.samples.Studio.Photograph;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pointing game (Zhang et al. 2018) without tolerance: how often the heatmap's peak lies in the
 * object's box.
 *
 * <p>Behind a global pool (average or maximum) and a dense layer Grad-CAM is, up to a factor, Zhou
 * et al.'s CAM (2016): ReLU(Σ_k W[k,c]·A_k), because Σ_ij ∂y_c/∂A_kij = W[k,c] in both cases. That
 * is computed here, with nothing of the product but upsampling.
 */
final class PeakHits {

  private PeakHits() {}

  /** Part of the photographs whose CAM of their own class peaks in the box; a zero map misses. */
  static double ofNetwork(ComputationGraph net, List<Photograph> photographs) {
    INDArray dense = net.getLayer(ShapesCnn.OUTPUT).getParam("W");
    int hits = 0;
    for (Photograph photograph : photographs) {
      Pictures one = new Pictures();
      one.add(photograph);
      Map<String, INDArray> activations = net.feedForward(one.input(0), false);
      INDArray maps = activations.get(ShapesCnn.LAST_MAPS);
      int side = (int) maps.size(2);
      INDArray weights = dense.getColumn(photograph.label().ordinal(), true);
      INDArray cam =
          Nd4j.matmul(weights.transpose(), maps.reshape('c', maps.size(1), (long) side * side));
      hits += peakHits(cam.toFloatVector(), side, photograph) ? 1 : 0;
    }
    return (double) hits / photographs.size();
  }

  /** Part of the photographs whose middle lies in the box. */
  static double ofCentre(List<Photograph> photographs) {
    long hits =
        photographs.stream()
            .filter(p -> p.box().holds(p.image().width() / 2.0, p.image().height() / 2.0))
            .count();
    return (double) hits / photographs.size();
  }

  private static boolean peakHits(float[] cam, int side, Photograph photograph) {
    int width = photograph.image().width();
    int height = photograph.image().height();
    float[] map = new float[cam.length];
    for (int n = 0; n < cam.length; n++) {
      map[n] = Math.max(0, cam[n]);
    }
    float[] large = Upsampling.BILINEAR.resize(map, side, side, height, width);
    int peak = 0;
    for (int n = 1; n < large.length; n++) {
      if (large[n] > large[peak]) {
        peak = n;
      }
    }
    return large[peak] > 0 && photograph.box().holds(peak % width + 0.5, peak / width + 0.5);
  }
}
