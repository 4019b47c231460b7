package io.gradlens.samples;

import static io.gradlens.samples.Shape.uniform;

import java.util.Random;

/** The colours of a surface: two of them in a pattern, and a gloss. Linear light. */
final class Paint {

  private enum Pattern {
    PLAIN,
    SPECKLED,
    STRIPED,
    MARBLED,
    CHECKED
  }

  /** How far the pattern's second colour goes; at 1 patterns would hide the form. */
  private static final double CONTRAST = 0.4;

  private final Noise noise;
  private final Pattern pattern;
  private final double[] first;
  private final double[] second;
  private final double frequency;
  private final double tilt;
  final double gloss;

  Paint(Random random) {
    noise = new Noise(random.nextLong());
    pattern = Pattern.values()[random.nextInt(Pattern.values().length)];
    first = colour(random);
    second = colour(random);
    for (int c = 0; c < 3; c++) {
      second[c] = Noise.lerp(first[c], second[c], CONTRAST);
    }
    frequency = uniform(random, 2.5, 5);
    tilt = uniform(random, -1, 1);
    gloss = random.nextBoolean() ? uniform(random, 0.2, 0.8) : uniform(random, 0, 0.1);
  }

  /** Writes the colour at a point of the body, in the body's own units. */
  void at(double x, double y, double z, double[] rgb) {
    double grain = noise.at(9 * x, 9 * y, 9 * z);
    double t =
        switch (pattern) {
          case PLAIN -> 0.15 * noise.at(2 * x, 2 * y, 2 * z);
          case SPECKLED -> Noise.smoothstep(0.6, 0.7, noise.at(7 * x, 7 * y, 7 * z));
          case STRIPED -> {
            double s = frequency * (x + tilt * y + 0.5 * z) * 0.6;
            yield Noise.smoothstep(0.2, 0.3, Math.abs(s - Math.floor(s) - 0.5));
          }
          case MARBLED -> {
            double warp = noise.at(2.5 * x, 2.5 * y, 2.5 * z);
            yield Noise.smoothstep(
                0.35, 0.65, noise.at(frequency * x + 3 * warp, frequency * y, frequency * z));
          }
          case CHECKED -> {
            double f = 0.7 * frequency;
            long parity =
                (long) (Math.floor(f * (x + 9)) + Math.floor(f * y) + Math.floor(f * z + 0.5));
            yield (parity & 1) == 0 ? 0 : 0.8;
          }
        };
    for (int c = 0; c < 3; c++) {
      rgb[c] = Noise.lerp(first[c], second[c], t) * (0.88 + 0.24 * grain);
    }
  }

  /** Any hue, from dull to strong, from dark to bright. */
  static double[] colour(Random random) {
    double saturation = 0.9 * random.nextDouble();
    double value = uniform(random, 0.12, 0.85);
    double hue = 6 * random.nextDouble();
    double[] rgb = new double[3];
    for (int c = 0; c < 3; c++) {
      double k = (hue + 2 * c) % 6;
      rgb[c] = value * (1 - saturation * Noise.clamp(Math.min(k, 4 - k)));
    }
    return rgb;
  }
}
