package io.gradlens.samples;

import static io.gradlens.samples.Solid.box;
import static io.gradlens.samples.Solid.cylinder;
import static io.gradlens.samples.Solid.extrude;
import static io.gradlens.samples.Solid.length;
import static io.gradlens.samples.Solid.segment;

import java.util.Locale;
import java.util.Random;

/**
 * The classes of the sample pictures. What makes a class is its form and its relief; colour and
 * pattern are drawn from one urn for all.
 */
enum Shape {
  /** A ball with two seams. */
  BALL {
    @Override
    Solid solid(Random random) {
      double r = 0.8;
      double seam = uniform(random, 0, Math.PI);
      double sx = StrictMath.cos(seam);
      double sy = StrictMath.sin(seam);
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          return length(x, y, z - r) - r;
        }

        @Override
        public double detail(double x, double y, double z) {
          double a = Math.abs(sx * x + sy * y + 0.25 * (z - r));
          double b = Math.abs(sy * x - sx * y - 0.6 * (z - r));
          return 0.35 + 0.65 * Noise.smoothstep(0.03, 0.08, Math.min(a, b));
        }
      };
    }
  },
  /** A cube with rounded edges and a frame around each face. */
  CUBE {
    @Override
    Solid solid(Random random) {
      double a = 0.62;
      double round = uniform(random, 0.03, 0.1);
      double height = a * uniform(random, 0.85, 1.1);
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          return box(x, y, z - height, a - round, a - round, height - round) - round;
        }

        @Override
        public double detail(double x, double y, double z) {
          double u = Math.abs(x) / a;
          double v = Math.abs(y) / a;
          double w = Math.abs(z - height) / height;
          double middle = u + v + w - Math.max(u, Math.max(v, w)) - Math.min(u, Math.min(v, w));
          return 1 - 0.4 * Noise.smoothstep(0.68, 0.74, middle) * (middle < 0.86 ? 1 : 0);
        }
      };
    }
  },
  /** A key: a ring for the hand, a shaft, two or three teeth. */
  KEY {
    @Override
    Solid solid(Random random) {
      double ring = uniform(random, 0.3, 0.38);
      double thick = uniform(random, 0.09, 0.13);
      double shaft = uniform(random, 0.08, 0.11);
      double tooth = uniform(random, 0.2, 0.3);
      int teeth = 2 + random.nextInt(2);
      double half = 0.07;
      return (x, y, z) -> {
        double bow = Math.abs(length(x + 0.68, y) - ring) - thick;
        double figure = Math.min(bow, rectangle(x - 0.36, y, 0.7, shaft));
        for (int n = 0; n < teeth; n++) {
          figure =
              Math.min(figure, rectangle(x - 0.95 + 0.24 * n, y - tooth, 0.075, tooth - 0.04 * n));
        }
        return extrude(figure + 0.03, z - half, half - 0.03) - 0.03;
      };
    }
  },
  /** A leaf: pointed, bent upwards, with a rib, side veins and a stalk. */
  LEAF {
    @Override
    Solid solid(Random random) {
      double width = uniform(random, 0.38, 0.52);
      double bend = uniform(random, 0.1, 0.35);
      double lobes = random.nextBoolean() ? 0 : uniform(random, 0.02, 0.04);
      // A vesica: the overlap of two discs of radius r whose centres are d off the axis.
      double d = (1 - width * width) / (2 * width);
      double r = d + width;
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          double rise = bend * x * x + 0.25 * Math.abs(y) * (1 - Math.abs(x)) + 0.04;
          double edge = length(x, Math.abs(y) + d) - r + lobes * saw(3 * x);
          double blade = extrude(edge, z - rise, 0.02) - 0.015;
          double stalk = segment(x, y, z, 0.95, 0, bend + 0.04, 1.3, 0.06, 0.1) - 0.04;
          return 0.75 * Math.min(blade, stalk);
        }

        @Override
        public double detail(double x, double y, double z) {
          double side = Math.abs(y);
          double phase = (x + 0.7 * side) * 5;
          double vein = Math.abs(phase - Math.floor(phase) - 0.5);
          double rib = Noise.smoothstep(0.02, 0.05, side);
          return Math.min(0.5 + 0.5 * rib, 0.72 + 0.28 * Noise.smoothstep(0.05, 0.14, vein)) * 1.1;
        }
      };
    }
  },
  /** A mug with a handle and a band. */
  MUG {
    @Override
    Solid solid(Random random) {
      double r = uniform(random, 0.48, 0.58);
      double h = uniform(random, 0.52, 0.68);
      double bow = uniform(random, 0.26, 0.34);
      double band = uniform(random, 0.1, 0.8);
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          double outside = cylinder(x, y, z - h, r - 0.03, h - 0.03) - 0.03;
          double hollow = cylinder(x, y, z - h - 0.12, r - 0.1, h);
          double arc = length(x - r, z - h) - bow;
          double handle = Math.max(length(arc, y) - 0.085, -(length(x, y) - r + 0.05));
          return Math.min(Math.max(outside, -hollow), handle);
        }

        @Override
        public double detail(double x, double y, double z) {
          double up = z / (2 * h);
          return up > band && up < band + 0.14 ? 0.45 : 1;
        }
      };
    }
  },
  /** A star of five arms with a ridge along each. */
  STAR {
    @Override
    Solid solid(Random random) {
      double waist = uniform(random, 0.38, 0.5);
      double thick = uniform(random, 0.1, 0.2);
      double c = StrictMath.cos(Math.PI / 5);
      double s = StrictMath.sin(Math.PI / 5);
      // Normal of the line from the tip (0, 1) to the notch (waist·s, waist·c).
      double nx = 1 - waist * c;
      double ny = waist * s;
      double norm = length(nx, ny);
      return new Solid() {
        @Override
        public double distance(double x, double y, double z) {
          double edge = edge(x, y);
          double top = thick * Noise.clamp(-edge * 3.2);
          return 0.8 * (extrude(edge + 0.04, z - thick / 2, thick / 2 + top * 0.6 - 0.04) - 0.04);
        }

        /** Folds the plane into one half arm around +y. */
        private double edge(double x, double y) {
          double u = Math.abs(x);
          double v = y;
          double fold = 2 * Math.max(c * u - s * v, 0);
          u -= fold * c;
          v += fold * s;
          fold = 2 * Math.max(-c * u - s * v, 0);
          u = Math.abs(u + fold * c);
          v += fold * s;
          return (u * nx + (v - 1) * ny) / norm;
        }

        @Override
        public double detail(double x, double y, double z) {
          return 0.7 + 0.3 * Noise.smoothstep(0.03, 0.1, -edge(x, y));
        }
      };
    }
  };

  /** A body of this class with proportions of its own. */
  abstract Solid solid(Random random);

  /** The class as folders and tables name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static double uniform(Random random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** A zigzag between -1 and 1 of period 1. */
  private static double saw(double x) {
    return 4 * Math.abs(x - Math.floor(x) - 0.5) - 1;
  }

  private static double rectangle(double x, double y, double a, double b) {
    double dx = Math.abs(x) - a;
    double dy = Math.abs(y) - b;
    return Math.min(0, Math.max(dx, dy)) + length(Math.max(dx, 0), Math.max(dy, 0));
  }
}
