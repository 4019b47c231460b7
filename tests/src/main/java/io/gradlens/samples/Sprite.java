package io.gradlens.samples;

import static io.gradlens.samples.Noise.clamp;

/**
 * A solid seen by the camera, with the shade that it casts: computed once, then set down anywhere
 * on the picture by whole pixels.
 *
 * <p>The camera looks from afar (parallel rays), tilted from the vertical. The surface is found by
 * sphere tracing (Hart 1996), four rays a pixel; shade is the narrowest gap that a ray to the light
 * passes (Quilez's soft shadows).
 */
final class Sprite {

  private static final double REACH = 3.2;
  private static final double[] RAYS = {-0.25, 0.25};

  private final Solid solid;
  private final Paint paint;
  private final Light light;
  private final double scale;
  private final double cos;
  private final double sin;
  private final int half;
  private final int side;
  private final float[] rgb;
  private final float[] cover;
  private final float[] shade;
  private final Box box;

  /**
   * @param paint null for the outline only
   * @param scale pixels a unit of the solid
   * @param turn about the vertical, in radians
   */
  Sprite(Solid solid, Paint paint, Light light, double scale, double turn) {
    this.solid = solid;
    this.paint = paint;
    this.light = light;
    this.scale = scale;
    cos = StrictMath.cos(turn);
    sin = StrictMath.sin(turn);
    half = (int) Math.ceil(REACH * scale);
    side = 2 * half + 1;
    rgb = new float[3 * side * side];
    cover = new float[side * side];
    shade = new float[side * side];
    double[] colour = new double[3];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        draw(row, column, colour);
      }
    }
    box = outline();
  }

  /** The pixels that the body covers by half or more, relative to where it stands. */
  Box box() {
    return box;
  }

  /** The area of {@link #box} per unit of scale squared: for finding the scale for an area. */
  static double areaAtUnitScale(Solid solid, Light light, double turn) {
    double scale = 24;
    Sprite probe = new Sprite(solid, null, light, scale, turn);
    return probe.box.width() * (double) probe.box.height() / (scale * scale);
  }

  /** Adds shade and body to a picture, standing at a pixel that may lie outside of it. */
  void setDown(Canvas canvas, int x, int y) {
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int p = row * side + column;
        if (shade[p] < 1 || cover[p] > 0) {
          canvas.blend(x + column - half, y + row - half, shade[p], rgb, 3 * p, cover[p]);
        }
      }
    }
  }

  private void draw(int row, int column, double[] colour) {
    int p = row * side + column;
    double u = column - half;
    double v = half - row;
    shade[p] = paint == null ? 1 : (float) groundShade(u, v);
    if (Math.abs(u) > 1.6 * scale || Math.abs(v - 0.4 * scale) > 1.7 * scale) {
      return;
    }
    int hits = 0;
    for (double du : RAYS) {
      for (double dv : RAYS) {
        if (trace((u + du) / scale, (v + dv) / scale, colour)) {
          hits++;
          for (int c = 0; c < 3; c++) {
            rgb[3 * p + c] += (float) colour[c];
          }
        }
      }
    }
    cover[p] = hits / 4f;
    for (int c = 0; c < 3 && hits > 0; c++) {
      rgb[3 * p + c] /= hits;
    }
  }

  /** Follows a camera ray; true, and the colour, where it meets the body. */
  private boolean trace(double u, double v, double[] colour) {
    // Into the scene: (0, tiltSin, -tiltCos); up in the picture: (0, tiltCos, tiltSin).
    double dx = sin * light.tiltSin();
    double dy = cos * light.tiltSin();
    double dz = -light.tiltCos();
    double wy = v * light.tiltCos();
    double ox = cos * u + sin * wy;
    double oy = cos * wy - sin * u;
    double oz = v * light.tiltSin() - Solid.CENTRE_HEIGHT;
    double b = ox * dx + oy * dy + oz * dz;
    double disc = b * b - (ox * ox + oy * oy + oz * oz - Solid.RADIUS * Solid.RADIUS);
    if (disc <= 0) {
      return false;
    }
    oz += Solid.CENTRE_HEIGHT;
    double root = Math.sqrt(disc);
    double t = -b - root;
    double end = -b + root;
    for (int n = 0; n < 60 && t < end; n++) {
      double x = ox + t * dx;
      double y = oy + t * dy;
      double z = oz + t * dz;
      if (z < -0.01) {
        return false;
      }
      double d = solid.distance(x, y, z);
      if (d < 0.004) {
        if (paint != null) {
          colour(x, y, z, dx, dy, dz, colour);
        }
        return true;
      }
      t += d;
    }
    return false;
  }

  private void colour(
      double x, double y, double z, double dx, double dy, double dz, double[] colour) {
    double e = 0.01;
    double nx = solid.distance(x + e, y, z) - solid.distance(x - e, y, z);
    double ny = solid.distance(x, y + e, z) - solid.distance(x, y - e, z);
    double nz = solid.distance(x, y, z + e) - solid.distance(x, y, z - e);
    double norm = 1 / Math.max(1e-9, Solid.length(nx, ny, nz));
    nx *= norm;
    ny *= norm;
    nz *= norm;
    double lx = cos * light.x() + sin * light.y();
    double ly = cos * light.y() - sin * light.x();
    double facing = nx * lx + ny * ly + nz * light.z();
    double direct = facing <= 0 ? 0 : facing * visibility(x + e * nx, y + e * ny, z + e * nz);
    double ambient = light.ambient() * (0.65 + 0.35 * nz) * (0.6 + 0.4 * clamp(2.5 * z));
    double mirror = 2 * facing;
    double glint =
        clamp(
            -(dx * (mirror * nx - lx) + dy * (mirror * ny - ly) + dz * (mirror * nz - light.z())));
    glint *= glint;
    glint *= glint;
    glint *= glint;
    glint *= glint * paint.gloss * (direct > 0 ? 1 : 0);
    paint.at(x, y, z, colour);
    double lit = (ambient + light.direct() * direct) * solid.detail(x, y, z);
    for (int c = 0; c < 3; c++) {
      colour[c] = colour[c] * lit + glint;
    }
  }

  private double groundShade(double u, double v) {
    double wx = u / scale;
    double wy = v / scale / light.tiltCos();
    double x = cos * wx + sin * wy;
    double y = cos * wy - sin * wx;
    if (x * x + y * y > REACH * REACH) {
      return 1;
    }
    double open = visibility(x, y, 0.005);
    double contact = 0.55 + 0.45 * clamp(3 * Math.max(0, solid.distance(x, y, 0)));
    double ground = light.direct() * light.z();
    return (light.ambient() * contact + ground * open) / (light.ambient() + ground);
  }

  /** How much of the light reaches a point: 1 all, 0 none. */
  private double visibility(double x, double y, double z) {
    double lx = cos * light.x() + sin * light.y();
    double ly = cos * light.y() - sin * light.x();
    double lz = light.z();
    double above = z - Solid.CENTRE_HEIGHT;
    double b = x * lx + y * ly + above * lz;
    double disc = b * b - (x * x + y * y + above * above - Solid.RADIUS * Solid.RADIUS);
    if (disc <= 0) {
      return 1;
    }
    double root = Math.sqrt(disc);
    double t = Math.max(0.03, -b - root);
    double end = root - b;
    double open = 1;
    for (int n = 0; n < 40 && t < end; n++) {
      double d = solid.distance(x + t * lx, y + t * ly, z + t * lz);
      if (d < 0.002) {
        return 0;
      }
      open = Math.min(open, light.hardness() * d / t);
      t += Math.max(0.02, d);
    }
    return open * open * (3 - 2 * open);
  }

  private Box outline() {
    int left = side;
    int top = side;
    int right = -1;
    int bottom = -1;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        if (cover[row * side + column] >= 0.5f) {
          left = Math.min(left, column);
          right = Math.max(right, column);
          top = Math.min(top, row);
          bottom = Math.max(bottom, row);
        }
      }
    }
    return new Box(left - half, top - half, right - left + 1, bottom - top + 1);
  }

  /**
   * The light and the camera's tilt.
   *
   * @param x to the right in the picture, unit vector with y and z
   * @param y away from the camera, along the ground
   * @param z up
   * @param ambient light from everywhere
   * @param direct light from (x, y, z)
   * @param hardness of the shadow's edge
   * @param tiltCos of the camera's angle from the vertical
   * @param tiltSin of the camera's angle from the vertical
   */
  record Light(
      double x,
      double y,
      double z,
      double ambient,
      double direct,
      double hardness,
      double tiltCos,
      double tiltSin) {}
}
