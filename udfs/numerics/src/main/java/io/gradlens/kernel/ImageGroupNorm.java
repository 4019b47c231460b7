package io.gradlens.kernel;

import java.util.Arrays;

/**
 * Group normalisation of one image, y = γ_c (x − μ_g)/√(σ²_g + ε) + β_c, where μ_g and σ²_g are the
 * mean and variance of all pixels of the channels in c's group g: the groups are runs of C/G
 * channels.
 *
 * <p>As plain loops and in vectors, with the same bits. Sums run over parts of at most {@value
 * #DEPTH} numbers in the images' own precision, and over those parts in double.
 *
 * <p>An instance has scratch arrays, so it belongs to one thread at a time.
 *
 * <p>Source: Wu and He, Group normalization, 2018.
 */
@Real
public final class ImageGroupNorm {

  /** The ε that is usual. */
  public static final double EPSILON = 1e-5;

  /**
   * Length of a loop: long enough for vectors, short enough that adding up what it leaves is little
   * beside it.
   */
  private static final int WIDTH = 128;

  private static final int DEPTH = 32;

  private static final NormLoops LOOPS =
      VectorWarmUp.isReady() ? new VectorNormLoops() : new PlainNormLoops();

  private final int channels;
  private final int groups;
  private final int pixels;
  private final ChannelAxis axis;
  private final double epsilon;
  private final int width;
  private final int rows;
  private final @Real double[] columns;
  private final @Real double[] columns2;
  private final @Real double[] first;
  private final @Real double[] second;
  private final @Real double[] third;
  private final double[] sums;
  private final double[] sums2;
  private final double[] scale;
  private final double[] shift;
  private final double[] middle;

  /**
   * @param channels C
   * @param groups G, a divisor of C
   * @param pixels rows times columns
   * @param axis where an image has its channels
   * @param epsilon ε, added to variances
   * @throws IllegalArgumentException if the channels cannot be cut into so many groups
   */
  public ImageGroupNorm(int channels, int groups, int pixels, ChannelAxis axis, double epsilon) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "%d channels cannot be cut into %d groups".formatted(channels, groups));
    }
    this.channels = channels;
    this.groups = groups;
    this.pixels = pixels;
    this.axis = axis;
    this.epsilon = epsilon;
    int stretch = axis == ChannelAxis.FIRST ? 1 : channels;
    width = stretch * Math.max(1, Math.min(pixels, WIDTH / stretch));
    rows = stretch * pixels / width;
    columns = new @Real double[width];
    columns2 = new @Real double[width];
    first = new @Real double[width];
    second = new @Real double[width];
    third = new @Real double[width];
    sums = new double[channels];
    sums2 = new double[channels];
    scale = new double[channels];
    shift = new double[channels];
    middle = new double[channels];
  }

  public int channels() {
    return channels;
  }

  /** Numbers of an image. */
  public int size() {
    return channels * pixels;
  }

  /** Numbers that {@link #forward} leaves for {@link #backward}. */
  public int moments() {
    return 2 * groups;
  }

  /**
   * Normalises an image.
   *
   * @param x the image; overwritten by max(floor, y)
   * @param gamma γ, {@code [C]}
   * @param beta β, {@code [C]}
   * @param floor 0 for a ReLU behind it, −∞ for none
   * @param moments overwritten from {@code at} on: μ of the groups, then 1/√(σ² + ε)
   */
  public void forward(
      @Real double[] x,
      @Real double[] gamma,
      @Real double[] beta,
      @Real double floor,
      double[] moments,
      int at) {
    Arrays.fill(middle, 0);
    addUp(x, null);
    share(moments, at, middle);
    addUp(x, null);
    for (int g = 0; g < groups; g++) {
      moments[at + groups + g] = 1 / Math.sqrt(inGroup(sums2, g) + epsilon);
    }
    factors(gamma, beta, moments, at);
    for (int c = 0; c < outer(); c++) {
      expand(c, scale, first);
      expand(c, shift, second);
      int from = c * pixels;
      for (int r = 0; r < rows; r++) {
        LOOPS.scale(x, from + r * width, width, first, second, floor);
      }
      LOOPS.scale(x, from + rows * width, rest(), first, second, floor);
    }
  }

  /** μ of the groups, and for each channel that of its group. */
  private void share(double[] moments, int at, double[] means) {
    for (int g = 0; g < groups; g++) {
      moments[at + g] = inGroup(sums, g);
    }
    int each = channels / groups;
    for (int c = 0; c < channels; c++) {
      means[c] = moments[at + c / each];
    }
  }

  /** The mean over a group of what was summed by channels. */
  private double inGroup(double[] byChannel, int g) {
    int each = channels / groups;
    double sum = 0;
    for (int c = g * each; c < (g + 1) * each; c++) {
      sum += byChannel[c];
    }
    return sum / (each * (double) pixels);
  }

  /** y = scale·x + shift. */
  private void factors(@Real double[] gamma, @Real double[] beta, double[] moments, int at) {
    int each = channels / groups;
    for (int c = 0; c < channels; c++) {
      int g = at + c / each;
      scale[c] = gamma[c] * moments[g + groups];
      shift[c] = beta[c] - scale[c] * moments[g];
    }
  }

  /**
   * The vector–Jacobian product: with x̂ = (x − μ)/√(σ² + ε) and h = γ ⊙ cotangent, (h − mean(h) −
   * x̂ mean(h x̂))/√(σ² + ε), means over a group.
   *
   * @param x the image that was normalised; read only
   * @param g the cotangent of max(floor, y), overwritten by that of x
   * @param floor as in the forward pass: where y was not above it, no gradient passes
   * @param moments what the forward pass left, from {@code at} on
   * @param gradGamma dL/dγ is added
   * @param gradBeta dL/dβ is added
   */
  public void backward(
      @Real double[] x,
      @Real double[] g,
      @Real double[] gamma,
      @Real double[] beta,
      @Real double floor,
      double[] moments,
      int at,
      double[] gradGamma,
      double[] gradBeta) {
    factors(gamma, beta, moments, at);
    if (floor > Double.NEGATIVE_INFINITY) {
      mask(x, g, floor);
    }
    int each = channels / groups;
    for (int c = 0; c < channels; c++) {
      middle[c] = moments[at + c / each];
    }
    addUp(x, g);
    for (int c = 0; c < channels; c++) {
      double factor = moments[at + groups + c / each];
      gradBeta[c] += sums[c];
      gradGamma[c] += factor * sums2[c];
      sums[c] *= gamma[c];
      sums2[c] *= gamma[c] * factor;
    }
    for (int group = 0; group < groups; group++) {
      double mean = moments[at + group];
      double factor = moments[at + groups + group];
      double slope = -factor * factor * inGroup(sums2, group);
      double constant = -factor * inGroup(sums, group) - slope * mean;
      for (int c = group * each; c < (group + 1) * each; c++) {
        // The gradient is scale g + slope x + constant, scale being γ/√(σ² + ε).
        shift[c] = slope;
        middle[c] = constant;
      }
    }
    for (int c = 0; c < outer(); c++) {
      expand(c, scale, first);
      expand(c, shift, second);
      expand(c, middle, third);
      int from = c * pixels;
      for (int r = 0; r < rows; r++) {
        LOOPS.combine(g, x, from + r * width, width, first, second, third);
      }
      LOOPS.combine(g, x, from + rows * width, rest(), first, second, third);
    }
  }

  private void mask(@Real double[] x, @Real double[] g, @Real double floor) {
    for (int c = 0; c < outer(); c++) {
      expand(c, scale, first);
      expand(c, shift, second);
      int from = c * pixels;
      for (int r = 0; r < rows; r++) {
        LOOPS.mask(x, g, from + r * width, width, first, second, floor);
      }
      LOOPS.mask(x, g, from + rows * width, rest(), first, second, floor);
    }
  }

  /**
   * Sums by channels: of x and (x − middle)², or, with a cotangent, of g and g (x − middle).
   *
   * @param g null for the first
   */
  private void addUp(@Real double[] x, @Real double[] g) {
    Arrays.fill(sums, 0);
    Arrays.fill(sums2, 0);
    for (int c = 0; c < outer(); c++) {
      expand(c, middle, first);
      int from = c * pixels;
      for (int r = 0; r < rows; r += DEPTH) {
        addUp(x, g, c, from + r * width, Math.min(DEPTH, rows - r), width);
      }
      if (rest() > 0) {
        addUp(x, g, c, from + rows * width, 1, rest());
      }
    }
  }

  private void addUp(@Real double[] x, @Real double[] g, int c, int from, int depth, int length) {
    Arrays.fill(columns, 0);
    Arrays.fill(columns2, 0);
    for (int r = 0; r < depth; r++) {
      if (g == null) {
        LOOPS.squares(x, from + r * width, length, first, columns, columns2);
      } else {
        LOOPS.products(x, g, from + r * width, length, first, columns, columns2);
      }
    }
    for (int i = 0, channel = c; i < length; i++) {
      sums[channel] += columns[i];
      sums2[channel] += columns2[i];
      if (axis == ChannelAxis.LAST && ++channel == channels) {
        channel = 0;
      }
    }
  }

  /** Runs of numbers that are gone through one after the other: channels, or the whole image. */
  private int outer() {
    return axis == ChannelAxis.FIRST ? channels : 1;
  }

  /** What is left of a run behind its rows. */
  private int rest() {
    return (axis == ChannelAxis.FIRST ? pixels : size()) - rows * width;
  }

  /** What belongs to channels, laid out as a row. */
  private void expand(int c, double[] byChannel, @Real double[] row) {
    if (axis == ChannelAxis.FIRST) {
      Arrays.fill(row, (@Real double) byChannel[c]);
      return;
    }
    for (int i = 0; i < channels; i++) {
      row[i] = (@Real double) byChannel[i];
    }
    for (int i = channels; i < width; i += channels) {
      System.arraycopy(row, 0, row, i, channels);
    }
  }
}
