package io.gradlens.udf;

import io.gradlens.UserInputException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** {@code gradcam(content, model, …)}: one image, one row, never an exception. */
record SingleLook(ImageBytes bytes, ExplainOptions defaults) implements Serializable {

  /**
   * @param arguments null where the caller left them out
   * @return {@link Schemas#LOOK}
   */
  Row explain(
      byte[] content, String model, String target, String layer, String method, String preset) {
    try {
      if (content == null || model == null) {
        return error("gradcam needs an image's content and a model's path, got null.");
      }
      ModelFile file = KnownModels.at(model, bytes.hadoop());
      try (ModelCache.Lease lease = file.open()) {
        var options = options(model, target, layer, method, preset);
        Row image =
            new TableRow(Schemas.IMAGES)
                .set(Schemas.PATH, "")
                .set(Schemas.CONTENT, content)
                .toRow();
        ExplainPlan plan = ExplainPlan.resolve(options, file, lease.model());
        return onlyRow(
            new ExplainPartition(
                List.of(image).iterator(),
                bytes,
                plan,
                lease.model(),
                new RunIdentity(null, 0, null),
                () -> {},
                () -> {}));
      }
    } catch (UserInputException e) {
      return error(e.getMessage());
    } catch (RuntimeException e) {
      return error(e.toString());
    }
  }

  private ExplainOptions options(
      String model, String target, String layer, String method, String preset) {
    ExplainOptions.Builder options = defaults.toBuilder(model).batchSize(1);
    if (target != null) {
      options.target(target);
    }
    if (layer != null) {
      options.layer(layer);
    }
    if (method != null) {
      options.method(method);
    }
    if (preset != null) {
      options.preprocess(preset);
    }
    return options.build();
  }

  private static Row onlyRow(Iterator<Row> results) {
    Row result = results.next();
    if (results.hasNext()) {
      return error(
          "gradcam gives one row, and this asks for several; give one target, layer and method,"
              + " or call Gradlens.explain.");
    }
    Row failure = result.getAs(Schemas.FAILURE);
    return failure == null
        ? new TableRow(Schemas.LOOK)
            .setAll(result)
            .set(Schemas.ATTEMPT, null)
            .set(Schemas.IMAGE_URI, null)
            .set(Schemas.ERROR, null)
            .toRow()
        : error(failure.getAs(Schemas.STAGE) + ": " + failure.getAs(Schemas.MESSAGE));
  }

  private static Row error(String message) {
    return new TableRow(Schemas.LOOK).set(Schemas.ERROR, message).toRow();
  }
}
