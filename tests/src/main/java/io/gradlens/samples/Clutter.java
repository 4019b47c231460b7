package io.gradlens.samples;

import static io.gradlens.samples.Shape.uniform;
import static io.gradlens.samples.Solid.box;
import static io.gradlens.samples.Solid.cylinder;
import static io.gradlens.samples.Solid.length;
import static io.gradlens.samples.Solid.segment;

import java.util.Random;

/** Things that lie about and are of no class. */
enum Clutter {
  PEBBLE {
    @Override
    Solid solid(Random random) {
      Noise noise = new Noise(random.nextLong());
      double a = uniform(random, 0.6, 1.1);
      double b = uniform(random, 0.45, 0.8);
      double c = uniform(random, 0.2, 0.4);
      return (x, y, z) -> {
        double k = 0.8 + 0.4 * noise.at(1.3 * x, 1.3 * y, 1.3 * z);
        return 0.6 * c * (length(x / a, y / b, (z - c) / c) - k);
      };
    }
  },
  TWIG {
    @Override
    Solid solid(Random random) {
      double r = uniform(random, 0.05, 0.09);
      double kink = uniform(random, -0.4, 0.4);
      double fork = uniform(random, 0.3, 0.6);
      return (x, y, z) ->
          Math.min(
                  Math.min(
                      segment(x, y, z, -1.2, 0, r, 0, kink, r),
                      segment(x, y, z, 0, kink, r, 1.2, 0, r)),
                  segment(x, y, z, 0, kink, r, 0.6, kink + fork, 2 * r))
              - r;
    }
  },
  CARD {
    @Override
    Solid solid(Random random) {
      double a = uniform(random, 0.5, 1);
      double b = uniform(random, 0.3, 0.6);
      return (x, y, z) -> box(x, y, z - 0.02, a, b, 0.01) - 0.01;
    }
  },
  COIN {
    @Override
    Solid solid(Random random) {
      double r = uniform(random, 0.5, 0.8);
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          return cylinder(x, y, z - 0.06, r, 0.04) - 0.02;
        }

        @Override
        public double detail(double x, double y, double z) {
          return Math.abs(length(x, y) / r - 0.85) < 0.06 ? 0.6 : 1;
        }
      };
    }
  };

  abstract Solid solid(Random random);
}
