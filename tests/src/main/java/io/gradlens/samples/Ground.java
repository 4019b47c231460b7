package io.gradlens.samples;

import static io.gradlens.samples.Noise.lerp;
import static io.gradlens.samples.Noise.smoothstep;
import static io.gradlens.samples.Shape.uniform;

import java.util.Random;

/** What the things lie on. Coordinates are in units of about a tenth of the picture. */
enum Ground {
  WOOD(0.42, 0.26, 0.13) {
    @Override
    double height(Noise n, double x, double y) {
      double board = Math.floor(y / 2.6);
      double v = y / 2.6 - board;
      double shifted = x + 37 * n.hash((long) board, 7, 7);
      double warp = n.octaves(0.25 * shifted, 0.9 * y, 3);
      double rings = 4.5 * v + 5 * warp;
      double grain = Math.abs(rings - Math.floor(rings) - 0.5) * 2;
      double fibre = n.at(1.2 * shifted, 22 * y);
      double gap = smoothstep(0.012, 0.03, Math.min(v, 1 - v));
      return gap * (0.25 + 0.3 * grain + 0.25 * fibre + 0.2 * n.hash((long) board, 1, 1));
    }
  },
  CLOTH(0.3, 0.3, 0.34) {
    @Override
    double height(Noise n, double x, double y) {
      double u = x * 3.4 + 0.5 * n.at(x, y);
      double v = y * 3.4 + 0.5 * n.at(y + 40, x);
      double warp = Math.abs(u - Math.floor(u) - 0.5) * 2;
      double weft = Math.abs(v - Math.floor(v) - 0.5) * 2;
      boolean over = (((long) Math.floor(u) + (long) Math.floor(v)) & 1) == 0;
      double band =
          n.hash((long) Math.floor(x / 1.7), 5, 5) + n.hash((long) Math.floor(y / 1.7), 6, 6);
      double fold = n.octaves(0.22 * x + 0.1 * y, 0.12 * y, 2);
      return 0.28 * (1 - (over ? warp : weft)) + 0.22 * band + 0.4 * fold;
    }
  },
  GRASS(0.13, 0.25, 0.06) {
    @Override
    double height(Noise n, double x, double y) {
      double lean = 2 * n.octaves(0.6 * x, 0.6 * y, 2) - 1;
      double blades =
          Math.max(
              n.at(6 * (x + lean * y), 1.4 * y),
              Math.max(
                  n.at(5 * (x - 0.9 * y) + 50, 1.3 * (y + 0.4 * x)),
                  n.at(1.4 * x, 6 * (y + 0.4 * x) + 90)));
      return 0.75 * blades * blades + 0.35 * n.octaves(0.4 * x, 0.4 * y, 2);
    }
  },
  SAND(0.5, 0.38, 0.23) {
    @Override
    double height(Noise n, double x, double y) {
      double ripple = 0.9 * y + 2.2 * n.octaves(0.3 * x, 0.3 * y, 2);
      double wave = Math.abs(ripple - Math.floor(ripple) - 0.5) * 2;
      return 0.3 * wave * wave * (3 - 2 * wave)
          + 0.4 * n.at(13 * x, 13 * y)
          + 0.3 * n.octaves(x, y, 3);
    }
  },
  GRAVEL(0.33, 0.31, 0.29) {
    @Override
    double height(Noise n, double x, double y) {
      double[] cell = n.cells(1.5 * x + 0.3 * n.at(4 * x, 4 * y), 1.5 * y);
      double dome = smoothstep(0, 0.45, cell[1]);
      return dome * (0.3 + 0.5 * cell[2]) + 0.2 * n.octaves(3 * x, 3 * y, 3);
    }
  },
  TILES(0.4, 0.37, 0.33) {
    @Override
    double height(Noise n, double x, double y) {
      double u = x / 2.8;
      double v = y / 2.8;
      double du = u - Math.floor(u);
      double dv = v - Math.floor(v);
      double edge = Math.min(Math.min(du, 1 - du), Math.min(dv, 1 - dv));
      double tile = n.hash((long) Math.floor(u), (long) Math.floor(v), 4);
      double glaze = n.octaves(1.5 * x + 20 * tile, 1.5 * y, 4);
      return smoothstep(0.015, 0.045, edge) * (0.25 + 0.35 * tile + 0.4 * glaze);
    }
  },
  STONE(0.36, 0.35, 0.36) {
    @Override
    double height(Noise n, double x, double y) {
      double warp = n.octaves(0.5 * x, 0.5 * y, 3);
      double vein = Math.abs(n.octaves(0.6 * x + 2.5 * warp, 0.6 * y - 2 * warp, 4) - 0.5);
      return 0.75 * n.octaves(0.7 * x + warp, 0.7 * y, 5) + 0.5 * smoothstep(0, 0.06, vein) - 0.1;
    }
  };

  private final double[] tone;

  Ground(double red, double green, double blue) {
    tone = new double[] {red, green, blue};
  }

  /** Relief and shade at once: about 0 in the gaps, about 1 on the crests. */
  abstract double height(Noise noise, double x, double y);

  /**
   * A piece of this ground, turned and coloured at random.
   *
   * @param lightX direction to the light in the plane, in the ground's picture axes
   * @param unit pixels a unit of length
   */
  Surface lay(Random random, double lightX, double lightY, double unit) {
    Noise noise = new Noise(random.nextLong());
    double angle = uniform(random, 0, 2 * Math.PI);
    double c = StrictMath.cos(angle);
    double s = StrictMath.sin(angle);
    double offset = uniform(random, 0, 1000);
    double[] tint = Paint.colour(random);
    double foreign = random.nextInt(3) == 0 ? uniform(random, 0.3, 0.9) : uniform(random, 0, 0.3);
    double bright = uniform(random, 0.7, 1.35);
    double contrast = uniform(random, 0.6, 1.2);
    double relief = uniform(random, 0.3, 1.2);
    double step = 1 / unit;
    return (px, py, rgb) -> {
      double x = (c * px + s * py) * step + offset;
      double y = (c * py - s * px) * step + offset;
      double h = height(noise, x, y);
      double lx = (c * lightX + s * lightY) * step;
      double ly = (c * lightY - s * lightX) * step;
      double slope = h - height(noise, x + lx, y + ly);
      double shade = (1 + contrast * (h - 0.5) * 1.5) * (1 + relief * slope);
      double patch = noise.octaves(0.17 * x, 0.17 * y, 2);
      for (int k = 0; k < 3; k++) {
        double base = lerp(tone[k], tint[k], foreign * (0.6 + 0.8 * patch));
        rgb[k] = Math.max(0.01, bright * base * shade);
      }
    };
  }

  /** Colour of a plane, linear light, at a point in pixels. */
  @FunctionalInterface
  interface Surface {
    void at(double x, double y, double[] rgb);
  }
}
