package io.gradlens.kernel;

/** The interpolation points ±A, ±B and ∞, and the kernel's transform G g Gᵀ. */
public final class WinogradPoints {
  static final float A = 0.375f;
  static final float B = 1.25f;
  static final float AA = A * A;
  static final float BB = B * B;

  private WinogradPoints() {}

  /**
   * Transforms the kernels of a layer, in float64, rounded once.
   *
   * @param w {@code [3,3,inputs,outputs]}
   * @param panel outputs side by side
   * @return for each of the 25 points {@code [⌈outputs/panel⌉, inputs, panel]}, padded with zeros
   */
  public static float[][] transform(float[] w, int inputs, int outputs, int panel) {
    double[][] g = new double[WinogradKernel.SPAN][];
    double[] points = {A, -A, B, -B};
    for (int i = 0; i < points.length; i++) {
      double p = points[i];
      double scale = 1;
      for (int j = 0; j < points.length; j++) {
        scale *= j == i ? 1 : p - points[j];
      }
      g[i] = new double[] {1 / scale, p / scale, p * p / scale};
    }
    g[points.length] = new double[] {0, 0, 1};
    int panels = (outputs + panel - 1) / panel;
    float[][] u = new float[WinogradKernel.POINTS][panels * inputs * panel];
    double[] half = new double[WinogradKernel.SPAN * 3];
    int tap = inputs * outputs;
    for (int c = 0; c < inputs; c++) {
      for (int o = 0; o < outputs; o++) {
        int from = c * outputs + o;
        for (int i = 0; i < g.length; i++) {
          for (int s = 0; s < 3; s++) {
            double sum = 0;
            for (int r = 0; r < 3; r++) {
              sum += g[i][r] * w[(r * 3 + s) * tap + from];
            }
            half[i * 3 + s] = sum;
          }
        }
        int to = (o / panel * inputs + c) * panel + o % panel;
        for (int i = 0; i < g.length; i++) {
          for (int j = 0; j < g.length; j++) {
            u[i * g.length + j][to] =
                (float)
                    (g[j][0] * half[i * 3] + g[j][1] * half[i * 3 + 1] + g[j][2] * half[i * 3 + 2]);
          }
        }
      }
    }
    return u;
  }
}
