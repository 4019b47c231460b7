package io.gradlens.samples;

/**
 * A body that stands on the ground z = 0, about one unit in radius, given by its distance field.
 */
@FunctionalInterface
interface Solid {

  /** Every solid lies inside the ball of this radius around (0, 0, {@link #CENTRE_HEIGHT}). */
  double RADIUS = 1.5;

  double CENTRE_HEIGHT = 0.5;

  /** At most the distance to the surface; negative inside. */
  double distance(double x, double y, double z);

  /** A factor on the paint at a point of the surface: seams, veins, rims. */
  default double detail(double x, double y, double z) {
    return 1;
  }

  /** Distance to an axis-parallel box around the origin with the given half sides. */
  static double box(double x, double y, double z, double a, double b, double c) {
    double dx = Math.abs(x) - a;
    double dy = Math.abs(y) - b;
    double dz = Math.abs(z) - c;
    double inside = Math.min(0, Math.max(dx, Math.max(dy, dz)));
    return inside + length(Math.max(dx, 0), Math.max(dy, 0), Math.max(dz, 0));
  }

  /** Distance to an upright cylinder around the origin. */
  static double cylinder(double x, double y, double z, double radius, double halfHeight) {
    return extrude(length(x, y) - radius, z, halfHeight);
  }

  /** Distance to a plane figure, given by its plane distance, raised to a slab. */
  static double extrude(double planeDistance, double z, double halfHeight) {
    double dz = Math.abs(z) - halfHeight;
    return Math.min(0, Math.max(planeDistance, dz))
        + length(Math.max(planeDistance, 0), Math.max(dz, 0));
  }

  /** Distance to the segment from (ax, ay, az) to (bx, by, bz). */
  static double segment(
      double x,
      double y,
      double z,
      double ax,
      double ay,
      double az,
      double bx,
      double by,
      double bz) {
    double px = x - ax;
    double py = y - ay;
    double pz = z - az;
    double dx = bx - ax;
    double dy = by - ay;
    double dz = bz - az;
    double t = Noise.clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz));
    return length(px - t * dx, py - t * dy, pz - t * dz);
  }

  /** Not Math.hypot, whose last bit is the JVM's choice. */
  static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  static double length(double x, double y, double z) {
    return Math.sqrt(x * x + y * y + z * z);
  }
}
