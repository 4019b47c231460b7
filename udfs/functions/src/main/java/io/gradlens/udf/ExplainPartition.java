package io.gradlens.udf;

import io.gradlens.cam.ActivationTap;
import io.gradlens.cam.CamMethod;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;

/**
 * Explains images as they stream by: decode, fit, preprocess, collect a batch, one forward pass,
 * then every layer, method and target. Holds one batch at most.
 *
 * <p>Every forward pass has the full batch shape, the tail padded with zeros, and every vjp the
 * same number of cotangents, so that a row does not depend on its neighbours.
 */
final class ExplainPartition implements Iterator<Row> {

  private final Iterator<Row> images;
  private final ImageBytes bytes;
  private final ExplainPlan plan;
  private final ProbedModel model;
  private final ResultRows rows;
  private final Runnable onSuccess;
  private final Runnable onFailure;
  private final List<CamMethod> methods;
  private final int batchSize;

  private final List<PreparedImage> batch = new ArrayList<>();
  private final Queue<Row> ready = new ArrayDeque<>();

  /**
   * @param images rows of {@link Schemas#IMAGES}
   * @param onSuccess called after every image that was explained
   * @param onFailure called after every other
   */
  ExplainPartition(
      Iterator<Row> images,
      ImageBytes bytes,
      ExplainPlan plan,
      ProbedModel model,
      RunIdentity run,
      Runnable onSuccess,
      Runnable onFailure) {
    this.images = images;
    this.bytes = bytes;
    this.plan = plan;
    this.model = model;
    this.onSuccess = onSuccess;
    this.onFailure = onFailure;
    rows = new ResultRows(plan, run);
    methods = plan.camMethods();
    batchSize = BatchSize.of(plan, model);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && (images.hasNext() || !batch.isEmpty())) {
      if (images.hasNext()) {
        prepare(images.next());
      }
      if (batch.size() == batchSize || !images.hasNext()) {
        explainBatch();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void prepare(Row image) {
    try {
      byte[] file = HeapTurns.take(null, () -> bytes.of(image));
      batch.add(HeapTurns.take(file, () -> PreparedImage.of(image, file, plan)));
    } catch (ImageFailure failure) {
      ready.add(rows.failure(image.getAs(Schemas.PATH), failure));
      onFailure.run();
    }
  }

  private void explainBatch() {
    if (batch.isEmpty()) {
      return;
    }
    var input = plan.input();
    try (Trace trace = model.forward(packed(), input.height(), input.width(), plan.layers())) {
      List<Explained> explained = predictions(trace);
      List<float[][]> cotangents = cotangents(explained);
      for (String layer : plan.layers()) {
        FeatureMaps activations = trace.activation(layer);
        List<FeatureMaps> gradients = trace.vjp(layer, cotangents);
        for (int n = 0; n < batch.size(); n++) {
          explained.get(n).explain(layer, n, activations, gradients);
        }
      }
      explained.forEach(this::done);
    }
    batch.clear();
  }

  private void done(Explained image) {
    ready.addAll(image.rows());
    (image.failure == null ? onSuccess : onFailure).run();
  }

  /** The batch at its full shape, {@code [N,H,W,C]}. */
  private float[] packed() {
    var input = plan.input();
    int size = input.height() * input.width() * input.channels();
    float[] packed = new float[batchSize * size];
    for (int n = 0; n < batch.size(); n++) {
      System.arraycopy(batch.get(n).input(), 0, packed, n * size, size);
    }
    return packed;
  }

  private List<Explained> predictions(Trace trace) {
    float[][] logits = trace.logits();
    float[][] probabilities = trace.probabilities();
    List<Explained> explained = new ArrayList<>();
    for (int n = 0; n < batch.size(); n++) {
      explained.add(
          new Explained(
              batch.get(n),
              new Prediction(logits[n], probabilities == null ? null : probabilities[n])));
    }
    return explained;
  }

  /** As many as any image can need; what an image does not need stays zero. */
  private List<float[][]> cotangents(List<Explained> explained) {
    List<float[][]> cotangents = new ArrayList<>();
    for (int t = 0; t < plan.targets().width(); t++) {
      float[][] cotangent = new float[batchSize][plan.classes().count()];
      for (int n = 0; n < explained.size(); n++) {
        List<Integer> targets = explained.get(n).targets;
        if (t < targets.size()) {
          cotangent[n][targets.get(t)] = 1;
        }
      }
      cotangents.add(cotangent);
    }
    return cotangents;
  }

  /** One image on its way from prediction to rows. */
  private final class Explained {
    private final PreparedImage image;
    private final Prediction prediction;
    private final List<Integer> targets;
    private final List<Row> done = new ArrayList<>();
    private ImageFailure failure;

    Explained(PreparedImage image, Prediction prediction) {
      this.image = image;
      this.prediction = prediction;
      targets = plan.targets().of(prediction.ranking(), image.labelIndex());
      if (!prediction.isFinite()) {
        failure = failed("NotFinite", "The network's logits are not finite");
      }
    }

    void explain(String layer, int n, FeatureMaps activations, List<FeatureMaps> gradients) {
      try {
        for (CamMethod method : methods) {
          for (int t = 0; t < targets.size() && failure == null; t++) {
            var tap =
                new ActivationTap(
                    activations.channels(),
                    activations.height(),
                    activations.width(),
                    activations.values()[n],
                    gradients.get(t).values()[n]);
            done.add(
                rows.explanation(
                    image, prediction, targets.get(t), layer, method.name(), method.map(tap)));
          }
        }
      } catch (ArithmeticException e) {
        failure = failed(e.getClass().getName(), e.getMessage());
      }
    }

    private ImageFailure failed(String errorClass, String message) {
      return new ImageFailure("explain", image.sha256(), errorClass, message);
    }

    List<Row> rows() {
      return failure == null ? done : List.of(rows.failure(image.path(), failure));
    }
  }
}
