package io.gradlens.samples;

import io.gradlens.image.PixelImage;
import io.gradlens.samples.Studio.Photograph;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the demo folder.
 *
 * @param path below data-samples
 * @param shape the class, which is also the folder
 * @param seed of the photograph
 * @param form what kind of file it becomes
 */
record DemoPicture(String path, Shape shape, long seed, Form form) {

  /** Far from the seeds of training and of the held-out pictures. */
  static final long FIRST_SEED = 7_000_000;

  private static final int PER_CLASS = 8;

  /** What can become of a photograph on its way into a data set. */
  enum Form {
    COLOUR_JPEG,
    GREY_JPEG,
    PNG,
    SIDEWAYS_JPEG,
    TRUNCATED_JPEG,
    TEXT;

    boolean readable() {
      return this != TRUNCATED_JPEG && this != TEXT;
    }
  }

  /** The whole demo folder, in order of class and number. */
  static List<DemoPicture> all() {
    List<DemoPicture> pictures = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (int n = 1; n <= PER_CLASS; n++) {
        Form form =
            switch (n) {
              case 7 -> Form.PNG;
              case 8 -> Form.GREY_JPEG;
              default -> shape == Shape.LEAF && n == 6 ? Form.SIDEWAYS_JPEG : Form.COLOUR_JPEG;
            };
        pictures.add(of(shape, Integer.toString(n), n, form));
      }
    }
    pictures.add(of(Shape.MUG, "truncated", PER_CLASS + 1, Form.TRUNCATED_JPEG));
    pictures.add(of(Shape.KEY, "not-an-image", PER_CLASS + 1, Form.TEXT));
    return pictures;
  }

  private static DemoPicture of(Shape shape, String name, int number, Form form) {
    String label = shape.label();
    String end = form == Form.PNG ? ".png" : ".jpg";
    String path = "images/" + label + "/" + label + "-" + name + end;
    return new DemoPicture(path, shape, FIRST_SEED + number, form);
  }

  /** The photograph as the file stores it: the sideways one is turned, its box too. */
  Photograph stored() {
    Photograph upright = Studio.shoot(shape, seed, form == Form.GREY_JPEG);
    return form == Form.SIDEWAYS_JPEG ? turnedLeft(upright) : upright;
  }

  /** The file's content. */
  byte[] bytes() {
    return switch (form) {
      case PNG -> stored().image().toPng();
      case SIDEWAYS_JPEG -> JpegFiles.sidewaysJpeg(stored().image());
      case TRUNCATED_JPEG -> JpegFiles.truncated(JpegFiles.jpeg(stored().image()));
      case TEXT ->
          "This file has the name of a picture and is none.\n".getBytes(StandardCharsets.UTF_8);
      case COLOUR_JPEG, GREY_JPEG -> JpegFiles.jpeg(stored().image());
    };
  }

  /** One line of boxes.csv. */
  String csv(Box box) {
    return String.join(
        ",",
        path,
        shape.label(),
        Integer.toString(box.x()),
        Integer.toString(box.y()),
        Integer.toString(box.width()),
        Integer.toString(box.height()));
  }

  private static Photograph turnedLeft(Photograph upright) {
    PixelImage from = upright.image();
    int channels = from.channels();
    byte[] samples = new byte[from.samples().length];
    for (int y = 0; y < from.height(); y++) {
      for (int x = 0; x < from.width(); x++) {
        int target = (from.width() - 1 - x) * from.height() + y;
        System.arraycopy(
            from.samples(),
            (y * from.width() + x) * channels,
            samples,
            target * channels,
            channels);
      }
    }
    Box box = upright.box();
    return new Photograph(
        new PixelImage(from.height(), from.width(), channels, samples),
        upright.label(),
        new Box(box.y(), from.width() - box.x() - box.width(), box.height(), box.width()));
  }
}
