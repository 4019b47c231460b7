package io.gradlens.image;

import java.util.Locale;

/**
 * The resampling filters of Pillow's {@code Image.resize}, by kernel and support. All but nearest
 * widen with the factor when they shrink, which antialiases.
 */
public enum ResizeFilter {
  /** The sample whose square holds the output's centre; Keras' default. No kernel. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new UnsupportedOperationException("nearest picks samples, it does not weigh them");
    }
  },
  /** The mean over the output's square. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  /** A triangle: 1 − |x|. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Keys' cubic with a = −½ (Keys 1981, equation 15). */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },
  /** sinc(x)·sinc(x/3), three lobes. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  private final double support;

  ResizeFilter(double support) {
    this.support = support;
  }

  /** How far the kernel reaches from its centre, in samples of an image that is not shrunk. */
  double support() {
    return support;
  }

  /** The kernel at distance x from its centre. */
  abstract double weight(double x);

  /** The name on the command line, in lower case. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Looks a filter up by its {@link #optionName}.
   *
   * @throws IllegalArgumentException for another name
   */
  public static ResizeFilter named(String name) {
    for (ResizeFilter filter : values()) {
      if (filter.optionName().equals(name)) {
        return filter;
      }
    }
    throw new IllegalArgumentException(
        "Resize filter '%s' is not known; choose nearest, box, bilinear, bicubic or lanczos."
            .formatted(name));
  }

  private static double sinc(double x) {
    // StrictMath: the same bits on every machine.
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
