package io.gradlens.odeblock;

import io.gradlens.kernel.ChannelAxis;
import io.gradlens.kernel.FloatImageGroupNorm;
import io.gradlens.kernel.ImageGroupNorm;
import io.gradlens.model.layer.NativeFloats;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Group normalisation of a batch, image by image: each goes to the heap, through {@link
 * io.gradlens.kernel.ImageGroupNorm}, and back.
 *
 * <p>All arrays are dense, in C order, and of one type, float or double. An instance belongs to one
 * thread at a time.
 */
abstract class NormalizedImages {
  final int moments;
  final double[] gradGamma;
  final double[] gradBeta;

  private NormalizedImages(int channels, int moments) {
    this.moments = moments;
    gradGamma = new double[channels];
    gradBeta = new double[channels];
  }

  /**
   * @param pixels of an image
   * @throws IllegalArgumentException if the type is neither float nor double
   */
  static NormalizedImages of(
      DataType type, int channels, int groups, int pixels, ChannelAxis axis) {
    return switch (type) {
      case FLOAT ->
          new Single(
              new FloatImageGroupNorm(channels, groups, pixels, axis, ImageGroupNorm.EPSILON));
      case DOUBLE ->
          new Full(new ImageGroupNorm(channels, groups, pixels, axis, ImageGroupNorm.EPSILON));
      default ->
          throw new IllegalArgumentException(
              "Group normalisation is for FLOAT and DOUBLE, not " + type);
    };
  }

  /** Takes γ and β, which are read when this is called. */
  abstract void weights(INDArray gamma, INDArray beta);

  /**
   * Normalises all images.
   *
   * @param y overwritten; may be x
   * @param floor 0 for a ReLU behind it, −∞ for none
   * @param left overwritten: {@link #moments} numbers an image, for the way back
   */
  final void forward(INDArray x, INDArray y, double floor, double[] left) {
    for (int image = 0; image < x.size(0); image++) {
      forward(x, y, image, floor, left);
    }
  }

  abstract void forward(INDArray x, INDArray y, int image, double floor, double[] left);

  /**
   * The vector–Jacobian product; {@link #gradGamma} and {@link #gradBeta} are added to.
   *
   * @param x what was normalised
   * @param g the cotangent, overwritten by x's
   */
  final void backward(INDArray x, INDArray g, double floor, double[] left) {
    for (int image = 0; image < x.size(0); image++) {
      backward(x, g, image, floor, left);
    }
  }

  abstract void backward(INDArray x, INDArray g, int image, double floor, double[] left);

  private static final class Single extends NormalizedImages {
    private final FloatImageGroupNorm norm;
    private final float[] x;
    private final float[] g;
    private final float[] gamma;
    private final float[] beta;

    Single(FloatImageGroupNorm norm) {
      super(norm.channels(), norm.moments());
      this.norm = norm;
      x = new float[norm.size()];
      g = new float[norm.size()];
      gamma = new float[norm.channels()];
      beta = new float[norm.channels()];
    }

    @Override
    void weights(INDArray newGamma, INDArray newBeta) {
      NativeFloats.read(newGamma, 0, gamma);
      NativeFloats.read(newBeta, 0, beta);
    }

    @Override
    void forward(INDArray from, INDArray to, int image, double floor, double[] left) {
      long at = (long) image * x.length;
      NativeFloats.read(from, at, x);
      norm.forward(x, gamma, beta, (float) floor, left, image * moments);
      NativeFloats.write(x, to, at);
    }

    @Override
    void backward(INDArray from, INDArray cotangent, int image, double floor, double[] left) {
      long at = (long) image * x.length;
      NativeFloats.read(from, at, x);
      NativeFloats.read(cotangent, at, g);
      norm.backward(x, g, gamma, beta, (float) floor, left, image * moments, gradGamma, gradBeta);
      NativeFloats.write(g, cotangent, at);
    }
  }

  private static final class Full extends NormalizedImages {
    private final ImageGroupNorm norm;
    private final double[] x;
    private final double[] g;
    private final double[] gamma;
    private final double[] beta;

    Full(ImageGroupNorm norm) {
      super(norm.channels(), norm.moments());
      this.norm = norm;
      x = new double[norm.size()];
      g = new double[norm.size()];
      gamma = new double[norm.channels()];
      beta = new double[norm.channels()];
    }

    @Override
    void weights(INDArray newGamma, INDArray newBeta) {
      NativeDoubles.read(newGamma, 0, gamma);
      NativeDoubles.read(newBeta, 0, beta);
    }

    @Override
    void forward(INDArray from, INDArray to, int image, double floor, double[] left) {
      long at = (long) image * x.length;
      NativeDoubles.read(from, at, x);
      norm.forward(x, gamma, beta, floor, left, image * moments);
      NativeDoubles.write(x, to, at);
    }

    @Override
    void backward(INDArray from, INDArray cotangent, int image, double floor, double[] left) {
      long at = (long) image * x.length;
      NativeDoubles.read(from, at, x);
      NativeDoubles.read(cotangent, at, g);
      norm.backward(x, g, gamma, beta, floor, left, image * moments, gradGamma, gradBeta);
      NativeDoubles.write(g, cotangent, at);
    }
  }
}
