package io.gradlens.network;

import io.gradlens.decode.ImageDecoder;
import io.gradlens.decode.UnreadableImageException;
import io.gradlens.image.PixelImage;
import io.gradlens.model.Sizing;
import io.gradlens.model.graph.InputShape;
import io.gradlens.udf.Digests;
import io.gradlens.udf.HeapTurns;
import io.gradlens.udf.ImageBytes;
import io.gradlens.udf.ImageFailure;
import io.gradlens.udf.Naming;
import io.gradlens.udf.Schemas;
import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * From a file's bytes to pixels of the network's size, as {@code explain} does it.
 *
 * @param maxPixels pictures that declare more are refused
 * @param naming what failures call an image
 */
public record ImagePreparation(InputShape input, Sizing sizing, long maxPixels, Naming naming)
    implements Serializable {

  /**
   * What became of an image.
   *
   * @param uri where it lies, or a digest of that
   * @param sha256 of its bytes, or null
   * @param label as the data has it, or null
   * @param image null where it failed
   * @param failure null where it did not
   */
  record Prepared(String uri, String sha256, String label, TrainingImage image, FailedImage failure)
      implements Serializable {}

  /**
   * @param row of {@link Schemas#IMAGES}
   */
  Prepared prepare(Row row, ImageBytes bytes) {
    String path = row.getAs(Schemas.PATH);
    String uri = naming.uri(path);
    String label = row.getAs(Schemas.LABEL);
    try {
      byte[] file = HeapTurns.take(null, () -> bytes.of(row));
      String sha256 = Digests.sha256(file);
      byte[] pixels = HeapTurns.take(file, () -> pixels(file, sha256));
      TrainingImage image = new TrainingImage(sha256, label, pixels);
      return new Prepared(uri, sha256, label, image, null);
    } catch (ImageFailure e) {
      FailedImage failure =
          new FailedImage(uri, e.sha256(), e.stage(), e.errorClass(), naming.reason(e));
      return new Prepared(uri, e.sha256(), label, null, failure);
    }
  }

  private byte[] pixels(byte[] file, String sha256) throws ImageFailure {
    try {
      PixelImage picture = new ImageDecoder(maxPixels, sizing.exif()).decode(file).pixels();
      PixelImage coloured = input.channels() == 1 ? picture.toGrey() : picture.toRgb();
      return sizing
          .fit()
          .apply(coloured, input.width(), input.height(), sizing.resize())
          .image()
          .samples();
    } catch (UnreadableImageException e) {
      throw ImageFailure.of(e.stage(), sha256, e);
    } catch (RuntimeException e) {
      throw ImageFailure.of("preprocess", sha256, e);
    }
  }
}
