package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.decode.DecodedImage;
import io.gradlens.decode.UnreadableImageException;
import io.gradlens.image.FittedImage;
import io.gradlens.image.PixelImage;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;

/**
 * An image that is ready for the network.
 *
 * @param path where it lies
 * @param uri what stands in {@code image_uri}
 * @param sha256 of the file's bytes
 * @param label as the data has it, or null
 * @param labelIndex the label's class; 0 where no target asks for it
 * @param width that the file declares
 * @param height that the file declares
 * @param fitted the network's input as a picture, and the part of the original that it shows
 * @param input {@code [H,W,C]}, preprocessed
 * @param shown the part of the original that the network saw, for the overlay and no larger than
 *     that; else null
 */
record PreparedImage(
    String path,
    String uri,
    String sha256,
    String label,
    int labelIndex,
    int width,
    int height,
    FittedImage fitted,
    float[] input,
    PixelImage shown) {

  /**
   * Decodes, fits and preprocesses.
   *
   * @param image a row of {@link Schemas#IMAGES}
   */
  static PreparedImage of(Row image, byte[] bytes, ExplainPlan plan) throws ImageFailure {
    String sha256 = Digests.sha256(bytes);
    String label = image.getAs(Schemas.LABEL);
    int labelIndex = plan.targets().label() ? labelIndex(label, sha256, plan.classes()) : 0;
    DecodedImage decoded = decoded(bytes, sha256, plan);
    PixelImage picture = decoded.pixels();
    try {
      PixelImage coloured = plan.input().channels() == 1 ? picture.toGrey() : picture.toRgb();
      FittedImage fitted =
          plan.fit().apply(coloured, plan.input().width(), plan.input().height(), plan.resize());
      String path = image.getAs(Schemas.PATH);
      return new PreparedImage(
          path,
          plan.imageUri(path),
          sha256,
          label,
          labelIndex,
          decoded.fileWidth(),
          decoded.fileHeight(),
          fitted,
          plan.preprocessing().apply(fitted.image(), plan.input().channels()),
          plan.overlay() == OverlayStyle.NONE ? null : ResultRows.bounded(seen(picture, fitted)));
    } catch (RuntimeException e) {
      throw ImageFailure.of("preprocess", sha256, e);
    }
  }

  private static DecodedImage decoded(byte[] bytes, String sha256, ExplainPlan plan)
      throws ImageFailure {
    try {
      return plan.decoder().decode(bytes);
    } catch (UnreadableImageException e) {
      throw ImageFailure.of(e.stage(), sha256, e);
    }
  }

  private static PixelImage seen(PixelImage picture, FittedImage fitted) {
    return picture.crop(fitted.cropX(), fitted.cropY(), fitted.cropWidth(), fitted.cropHeight());
  }

  private static int labelIndex(String label, String sha256, ClassNames classes)
      throws ImageFailure {
    if (label == null) {
      throw new ImageFailure(
          "label", sha256, "NoLabel", "Target 'label' needs a label, and the image has none");
    }
    OptionalInt index;
    try {
      index = classes.indexOfLabel(label);
    } catch (UserInputException e) {
      throw ImageFailure.of("label", sha256, e);
    }
    return index.orElseThrow(
        () ->
            new ImageFailure(
                "label",
                sha256,
                "UnknownLabel",
                "Label '%s' is not one of the model's %d classes"
                    .formatted(label, classes.count())));
  }
}
