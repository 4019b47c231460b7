package io.gradlens.udf;

import io.gradlens.cam.Overlay;
import io.gradlens.cam.SaliencyMap;
import io.gradlens.image.PixelImage;
import io.gradlens.image.Resampler;
import io.gradlens.image.ResizeFilter;
import org.apache.spark.sql.Row;

/** Writes rows of {@link Schemas#RESULTS}. */
final class ResultRows {

  /** Overlays are for looking at: no side is longer. */
  private static final int MAX_OVERLAY_SIDE = 1024;

  private static final double OVERLAY_ALPHA = Overlay.DEFAULT.alpha();

  private final ExplainPlan plan;
  private final RunIdentity run;

  ResultRows(ExplainPlan plan, RunIdentity run) {
    this.plan = plan;
    this.run = run;
  }

  /** The row of an image that could not be explained. */
  Row failure(String path, ImageFailure failure) {
    return row()
        .set(Schemas.IMAGE_URI, plan.imageUri(path))
        .set(Schemas.IMAGE_SHA256, failure.sha256())
        .set(
            Schemas.FAILURE,
            new TableRow(Schemas.FAILURE_REASON)
                .set(Schemas.STAGE, failure.stage())
                .set(Schemas.ERROR_CLASS, failure.errorClass())
                .set(Schemas.MESSAGE, plan.naming().reason(failure))
                .toRow())
        .toRow();
  }

  /** The row of one target, layer and method. */
  Row explanation(
      PreparedImage image,
      Prediction prediction,
      int target,
      String layer,
      String method,
      SaliencyMap map) {
    float[] heatmap = map.heatmap();
    return row()
        .set(Schemas.IMAGE_URI, image.uri())
        .set(Schemas.IMAGE_SHA256, image.sha256())
        .set(Schemas.WIDTH, image.width())
        .set(Schemas.HEIGHT, image.height())
        .set(Schemas.CROP_X, image.fitted().cropX())
        .set(Schemas.CROP_Y, image.fitted().cropY())
        .set(Schemas.CROP_WIDTH, image.fitted().cropWidth())
        .set(Schemas.CROP_HEIGHT, image.fitted().cropHeight())
        .set(Schemas.LABEL, image.label())
        .set(Schemas.PREDICTED_INDEX, prediction.best())
        .set(Schemas.PREDICTED_LABEL, plan.classes().nameOf(prediction.best()))
        .set(Schemas.PREDICTED_PROBABILITY, prediction.probability(prediction.best()))
        .set(Schemas.TOP_K, prediction.top(plan.classes()))
        .set(Schemas.TARGET_INDEX, target)
        .set(Schemas.TARGET_LABEL, plan.classes().nameOf(target))
        .set(Schemas.TARGET_RANK, prediction.rank(target))
        .set(Schemas.TARGET_LOGIT, prediction.logit(target))
        .set(Schemas.TARGET_PROBABILITY, prediction.probability(target))
        .set(Schemas.LAYER, layer)
        .set(Schemas.METHOD, method)
        .set(Schemas.HEATMAP, heatmap)
        .set(Schemas.SIGNED_MAP, plan.signed() ? map.signed() : null)
        .set(Schemas.HEATMAP_HEIGHT, map.height())
        .set(Schemas.HEATMAP_WIDTH, map.width())
        .set(Schemas.CHANNEL_WEIGHTS, map.channelWeights())
        .set(Schemas.RAW_MIN, map.rawMin())
        .set(Schemas.RAW_MAX, map.rawMax())
        .set(Schemas.IS_ZERO_MAP, map.isZero())
        .set(Schemas.OVERLAY_PNG, overlay(image.shown(), heatmap, map))
        .toRow();
  }

  private TableRow row() {
    return new TableRow(Schemas.RESULTS)
        .set(Schemas.RUN_ID, run.runId())
        .set(Schemas.ATTEMPT, run.attempt())
        .set(Schemas.CONFIG_SHA256, run.configSha256())
        .set(Schemas.MODEL_SHA256, plan.model().sha256());
  }

  private byte[] overlay(PixelImage picture, float[] heatmap, SaliencyMap map) {
    if (plan.overlay() == OverlayStyle.NONE) {
      return null;
    }
    var overlay = new Overlay(plan.colormap(), plan.upsampling(), OVERLAY_ALPHA);
    return plan.overlay().draw(overlay, picture, heatmap, map.height(), map.width()).toPng();
  }

  /** The picture, or a smaller one of the same shape. */
  static PixelImage bounded(PixelImage picture) {
    return bounded(picture, MAX_OVERLAY_SIDE);
  }

  /** The picture, or one of the same shape whose longer side has so many pixels. */
  static PixelImage bounded(PixelImage picture, int side) {
    double shrink = (double) side / Math.max(picture.width(), picture.height());
    if (shrink >= 1) {
      return picture;
    }
    return Resampler.resize(
        picture,
        Math.max(1, (int) Math.round(picture.width() * shrink)),
        Math.max(1, (int) Math.round(picture.height() * shrink)),
        ResizeFilter.BILINEAR);
  }
}
