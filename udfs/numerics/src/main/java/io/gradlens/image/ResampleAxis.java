package io.gradlens.image;

/**
 * What a filter does along one axis: every output is a weighted sum of a run of inputs.
 *
 * <p>Output x is centred at c = (x + ½)·scale, scale = n/N, and takes the inputs from ⌊c − r + ½⌋
 * up to, not including, ⌊c + r + ½⌋, r being the filter's support times max(scale, 1). Weights sum
 * to 1 and are kept in fixed point with {@link #PRECISION_BITS} bits, as in Pillow (Resample.c).
 *
 * @param starts the first input of each output
 * @param counts how many inputs each output has
 * @param stride length of a row of weights
 * @param weights {@code [outputs,stride]}
 */
record ResampleAxis(int[] starts, int[] counts, int stride, int[] weights) {

  /** 8 bits for the sample, 2 for sums beyond it, the rest of 32 for the fraction. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /**
   * The outputs from {@code first} on, as many as {@code outputs}, of an axis of n inputs that is
   * resized to N.
   */
  static ResampleAxis of(ResizeFilter filter, int n, int target, int first, int outputs) {
    double scale = (double) n / target;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    int stride = (int) Math.ceil(support) * 2 + 1;
    int[] starts = new int[outputs];
    int[] counts = new int[outputs];
    int[] weights = new int[outputs * stride];
    double[] row = new double[stride];
    double inverse = 1 / filterScale;
    for (int x = 0; x < outputs; x++) {
      double center = (first + x + 0.5) * scale;
      int start = Math.max(0, (int) (center - support + 0.5));
      int count = Math.min(n, (int) (center + support + 0.5)) - start;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        row[i] = filter.weight((i + start - center + 0.5) * inverse);
        sum += row[i];
      }
      for (int i = 0; i < count; i++) {
        double weight = sum == 0 ? row[i] : row[i] / sum;
        double fixed = weight * (1 << PRECISION_BITS);
        weights[x * stride + i] = (int) (weight < 0 ? fixed - 0.5 : fixed + 0.5);
      }
      starts[x] = start;
      counts[x] = count;
    }
    return new ResampleAxis(starts, counts, stride, weights);
  }

  /** The first input that any output takes. */
  int begin() {
    return starts[0];
  }

  /** One past the last input that any output takes. */
  int end() {
    return starts[starts.length - 1] + counts[counts.length - 1];
  }
}
