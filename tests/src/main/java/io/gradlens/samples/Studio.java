package io.gradlens.samples;

import static io.gradlens.samples.Shape.uniform;

import io.gradlens.image.PixelImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Takes photographs of things that never were: one object of a class, anywhere on some ground,
 * among clutter. The same seed gives the same pixels on every JVM: only IEEE arithmetic, {@link
 * StrictMath} and {@link Random} take part.
 */
final class Studio {

  /** Raised whenever the pictures of a seed change. */
  static final int VERSION = 1;

  private static final int SMALLEST_SIDE = 96;
  private static final int LARGEST_SIDE = 224;

  private Studio() {}

  /**
   * A photograph with its truth.
   *
   * @param image 1 channel where the film was black and white, else 3
   * @param label the object's class
   * @param box the pixels that the object covers by half or more, enclosed
   */
  record Photograph(PixelImage image, Shape label, Box box) {

    /** The box's part of the picture. */
    double share() {
      return box.width() * (double) box.height() / (image.width() * (double) image.height());
    }
  }

  /** A photograph of the class, in black and white or colour. */
  static Photograph shoot(Shape shape, long seed, boolean grey) {
    Random random = new Random(Noise.scramble(8 * seed + shape.ordinal()));
    int width = SMALLEST_SIDE + random.nextInt(LARGEST_SIDE - SMALLEST_SIDE + 1);
    double aspect = uniform(random, 0.68, 1.47);
    int height = (int) Math.min(LARGEST_SIDE, Math.max(SMALLEST_SIDE, Math.round(width * aspect)));
    Sprite.Light light = light(random);
    double unit = Math.sqrt(width * (double) height) / uniform(random, 8, 14);

    Canvas canvas = new Canvas(width, height);
    Ground ground = Ground.values()[random.nextInt(Ground.values().length)];
    Ground.Surface surface = ground.lay(random, light.x(), -light.y(), unit);
    double lit = light.ambient() + light.direct() * light.z();
    double[] colour = new double[3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        surface.at(x, y / light.tiltCos(), colour);
        for (int c = 0; c < 3; c++) {
          colour[c] *= lit;
        }
        canvas.set(x, y, colour);
      }
    }

    Solid solid = shape.solid(random);
    double turn = uniform(random, 0, 2 * Math.PI);
    double area = uniform(random, 0.04, 0.12) * width * height;
    double scale = Math.sqrt(area / Sprite.areaAtUnitScale(solid, light, turn));
    Sprite object = new Sprite(solid, new Paint(random), light, scale, turn);
    int x = -object.box().x() + random.nextInt(width - object.box().width() + 1);
    int y = -object.box().y() + random.nextInt(height - object.box().height() + 1);
    Box box = object.box().moved(x, y);

    scatter(random, canvas, width, height, light, scale, box);
    object.setDown(canvas, x, y);
    return new Photograph(canvas.develop(random, grey), shape, box);
  }

  private static Sprite.Light light(Random random) {
    double azimuth = uniform(random, 0, 2 * Math.PI);
    double z = uniform(random, 0.5, 0.92);
    double flat = Math.sqrt(1 - z * z);
    double tilt = uniform(random, 0.25, 0.85);
    return new Sprite.Light(
        flat * StrictMath.cos(azimuth),
        flat * StrictMath.sin(azimuth),
        z,
        uniform(random, 0.25, 0.5),
        uniform(random, 0.7, 1.0),
        uniform(random, 4, 16),
        StrictMath.cos(tilt),
        StrictMath.sin(tilt));
  }

  /** Lays clutter out, clear of the object's box and of itself. */
  private static void scatter(
      Random random,
      Canvas canvas,
      int width,
      int height,
      Sprite.Light light,
      double scale,
      Box object) {
    List<Box> taken = new ArrayList<>();
    taken.add(object);
    int count = random.nextInt(7);
    for (int n = 0; n < count; n++) {
      Clutter kind = Clutter.values()[random.nextInt(Clutter.values().length)];
      Sprite sprite =
          new Sprite(
              kind.solid(random),
              new Paint(random),
              light,
              Math.max(5, scale * uniform(random, 0.3, 0.8)),
              uniform(random, 0, 2 * Math.PI));
      int x = random.nextInt(width);
      int y = random.nextInt(height);
      Box box = sprite.box().moved(x, y);
      if (taken.stream().noneMatch(box::meets)) {
        taken.add(box);
        sprite.setDown(canvas, x, y);
      }
    }
  }
}
