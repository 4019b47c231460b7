package io.gradlens.samples;

import io.gradlens.image.PixelImage;
import io.gradlens.samples.Studio.Photograph;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labelled network inputs in memory, 8 bit a sample. */
final class Pictures {

  private static final int SIDE = ShapesCnn.SIDE;
  private static final int PLANE = SIDE * SIDE;
  private static final int[][] COLOUR_ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  private final List<byte[]> planes = new ArrayList<>();
  private final List<Shape> labels = new ArrayList<>();
  private final List<Box> boxes = new ArrayList<>();

  /** Photographs of every class from as many seeds, one in eight of them in black and white. */
  static Pictures shot(long firstSeed, int seeds) {
    Pictures pictures = new Pictures();
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (Shape shape : Shape.values()) {
        pictures.add(Studio.shoot(shape, seed, (seed + shape.ordinal()) % 8 == 0));
      }
    }
    return pictures;
  }

  void add(Photograph photograph) {
    planes.add(ShapesCnn.planes(photograph.image()));
    labels.add(photograph.label());
    boxes.add(squashed(photograph.box(), photograph.image()));
  }

  int size() {
    return labels.size();
  }

  Shape label(int index) {
    return labels.get(index);
  }

  /** {@code [N,classes]}, a 1 at each picture's class. */
  INDArray oneHot(int[] indices) {
    float[] values = new float[indices.length * Shape.values().length];
    for (int n = 0; n < indices.length; n++) {
      values[n * Shape.values().length + labels.get(indices[n]).ordinal()] = 1;
    }
    return Nd4j.createFromArray(values).reshape(indices.length, Shape.values().length);
  }

  /** Network input of whole pictures, as they are: {@code [N,3,SIDE,SIDE]}. */
  INDArray input(int... indices) {
    float[] values = new float[indices.length * 3 * PLANE];
    for (int n = 0; n < indices.length; n++) {
      copy(planes.get(indices[n]), 0, 0, SIDE, 0, COLOUR_ORDERS[0], values, n * 3 * PLANE);
    }
    return Nd4j.createFromArray(values).reshape(indices.length, 3, SIDE, SIDE);
  }

  /**
   * Varied input for training: a square window that holds the object (or its middle, where the
   * object is larger), anywhere around it, in one of the square's eight symmetries, red, green and
   * blue in one of their six orders.
   *
   * @param side of the window, SIDE for the whole picture
   * @return {@code [N,3,side,side]}
   */
  INDArray windows(int[] indices, int side, Random random) {
    float[] values = new float[indices.length * 3 * side * side];
    for (int n = 0; n < indices.length; n++) {
      Box box = boxes.get(indices[n]);
      int left = windowStart(box.x(), box.width(), side, random);
      int top = windowStart(box.y(), box.height(), side, random);
      byte[] from = planes.get(indices[n]);
      int symmetry = random.nextInt(8);
      int[] colours = COLOUR_ORDERS[random.nextInt(6)];
      copy(from, left, top, side, symmetry, colours, values, n * 3 * side * side);
    }
    return Nd4j.createFromArray(values).reshape(indices.length, 3, side, side);
  }

  private static int windowStart(int start, int length, int side, Random random) {
    int low = Math.max(0, start + length - side);
    int high = Math.min(SIDE - side, start);
    if (low > high) {
      return Math.min(SIDE - side, Math.max(0, start + (length - side) / 2));
    }
    return low + random.nextInt(high - low + 1);
  }

  private static void copy(
      byte[] from,
      int left,
      int top,
      int side,
      int symmetry,
      int[] colours,
      float[] values,
      int out) {
    int startX = (symmetry & 1) == 0 ? left : left + side - 1;
    int startY = (symmetry & 2) == 0 ? top : top + side - 1;
    int stepX = (symmetry & 1) == 0 ? 1 : -1;
    int stepY = (symmetry & 2) == 0 ? 1 : -1;
    boolean transposed = (symmetry & 4) != 0;
    for (int c = 0; c < 3; c++) {
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          int y = startY + stepY * (transposed ? column : row);
          int x = startX + stepX * (transposed ? row : column);
          values[out++] =
              (from[colours[c] * PLANE + y * SIDE + x] & 0xFF) * (float) ShapesCnn.PIXEL_SCALE;
        }
      }
    }
  }

  private static Box squashed(Box box, PixelImage image) {
    return new Box(
        box.x() * SIDE / image.width(),
        box.y() * SIDE / image.height(),
        1 + box.width() * SIDE / image.width(),
        1 + box.height() * SIDE / image.height());
  }
}
