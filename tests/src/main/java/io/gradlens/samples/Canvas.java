package io.gradlens.samples;

import static io.gradlens.samples.Noise.clamp;
import static io.gradlens.samples.Shape.uniform;

import io.gradlens.image.PixelImage;
import java.util.Random;

/** The light that falls on the film, and what a camera makes of it. */
final class Canvas {

  private final int width;
  private final int height;
  private float[] light;

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    light = new float[3 * width * height];
  }

  void set(int x, int y, double[] rgb) {
    for (int c = 0; c < 3; c++) {
      light[3 * (y * width + x) + c] = (float) rgb[c];
    }
  }

  /** Darkens a pixel by a shade, then lays a colour over it; nothing where it is off the film. */
  void blend(int x, int y, float shade, float[] rgb, int offset, float cover) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    int p = 3 * (y * width + x);
    for (int c = 0; c < 3; c++) {
      float under = light[p + c] * shade;
      light[p + c] = under + cover * (rgb[offset + c] - under);
    }
  }

  /** Lens (blur, darker corners), exposure, colour cast, gamma 2, grain of the sensor. */
  PixelImage develop(Random random, boolean grey) {
    double blur = uniform(random, 0.05, 0.22);
    double corner = uniform(random, 0, 0.35);
    double exposure = uniform(random, 0.9, 1.35);
    double[] cast = {uniform(random, 0.9, 1.1), 1, uniform(random, 0.9, 1.1)};
    double grain = uniform(random, 1, 6);
    light = smooth(smooth(light, 3, 3 * width, blur), 3 * width, 3 * width, blur);
    byte[] samples = new byte[(grey ? 1 : 3) * width * height];
    double[] value = new double[3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = 2.0 * x / width - 1;
        double v = 2.0 * y / height - 1;
        double gain = exposure * (1 - corner * (u * u + v * v) / 2);
        double shared = triangular(random);
        for (int c = 0; c < 3; c++) {
          double tone = Math.sqrt(clamp(light[3 * (y * width + x) + c] * gain * cast[c]));
          double noise = grain * (0.7 * shared + 0.5 * triangular(random));
          value[c] = Math.min(255, Math.max(0, 255 * tone + noise));
        }
        int p = y * width + x;
        if (grey) {
          samples[p] = (byte) Math.round(0.299 * value[0] + 0.587 * value[1] + 0.114 * value[2]);
        } else {
          for (int c = 0; c < 3; c++) {
            samples[3 * p + c] = (byte) Math.round(value[c]);
          }
        }
      }
    }
    return new PixelImage(width, height, grey ? 1 : 3, samples);
  }

  private static double triangular(Random random) {
    return random.nextFloat() + random.nextFloat() - 1.0;
  }

  /** Mixes every sample with its two neighbours {@code step} apart; borders keep their own. */
  private static float[] smooth(float[] in, int step, int row, double weight) {
    float[] out = in.clone();
    float w = (float) weight;
    for (int p = 0; p < in.length; p++) {
      int line = p / row;
      boolean inside =
          step == row
              ? p >= step && p + step < in.length
              : (p - step) / row == line && p >= step && (p + step) / row == line;
      if (inside) {
        out[p] = in[p] + w * (in[p - step] + in[p + step] - 2 * in[p]);
      }
    }
    return out;
  }
}
