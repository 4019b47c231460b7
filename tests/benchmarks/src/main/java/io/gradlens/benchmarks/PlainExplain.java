package io.gradlens.benchmarks;

import io.gradlens.cam.ActivationTap;
import io.gradlens.cam.CamMethod;
import io.gradlens.cam.CamMethods;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.image.Fit;
import io.gradlens.image.PixelImage;
import io.gradlens.image.ResizeFilter;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What the tasks of {@code explain} compute, in threads without Spark: from picture files to
 * Grad-CAM of the class with the highest logit at the {@code auto} layer, and to nowhere. The model
 * stores its preprocessing.
 */
final class PlainExplain implements AutoCloseable {

  private static final int BATCH = 8;

  private final ProbedModel model;
  private final Preprocessing preprocessing;
  private final List<Path> files;
  private final CamMethod method = CamMethods.named("grad-cam");

  PlainExplain(Path model, Path pictures) throws IOException {
    this.model = ModelLoader.load(model);
    preprocessing = this.model.preprocessing().orElseThrow();
    try (Stream<Path> list = Files.list(pictures)) {
      files = list.sorted().toList();
    }
  }

  /**
   * Explains all pictures once; a thread that is done takes the next batch.
   *
   * @return pictures a second
   */
  double run(int threads) throws Exception {
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        all.add(
            pool.submit(
                () -> {
                  explainAll(next);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return files.size() / ((System.nanoTime() - start) / 1e9);
    } finally {
      pool.shutdown();
    }
  }

  private void explainAll(AtomicInteger next) throws IOException {
    for (int from = next.getAndAdd(BATCH); from < files.size(); from = next.getAndAdd(BATCH)) {
      explain(files.subList(from, Math.min(files.size(), from + BATCH)));
    }
  }

  private void explain(List<Path> batch) throws IOException {
    InputShape shape = model.input();
    int size = shape.height() * shape.width() * shape.channels();
    float[] input = new float[BATCH * size];
    for (int n = 0; n < batch.size(); n++) {
      PixelImage picture =
          new ImageDecoder().decode(Files.readAllBytes(batch.get(n))).pixels().toRgb();
      PixelImage fitted =
          Fit.SQUASH.apply(picture, shape.width(), shape.height(), ResizeFilter.BILINEAR).image();
      preprocessing.apply(fitted, shape.channels(), input, n * size);
    }
    String layer = model.autoLayer();
    try (Trace trace = model.forward(input, shape.height(), shape.width(), List.of(layer))) {
      FeatureMaps activations = trace.activation(layer);
      float[][] cotangents = topClasses(trace.logits());
      FeatureMaps gradients = trace.vjp(layer, List.<float[][]>of(cotangents)).get(0);
      for (int n = 0; n < batch.size(); n++) {
        method.map(
            new ActivationTap(
                activations.channels(),
                activations.height(),
                activations.width(),
                activations.values()[n],
                gradients.values()[n]));
      }
    }
  }

  private static float[][] topClasses(float[][] logits) {
    float[][] ones = new float[logits.length][logits[0].length];
    for (int n = 0; n < logits.length; n++) {
      int top = 0;
      for (int c = 1; c < logits[n].length; c++) {
        top = logits[n][c] > logits[n][top] ? c : top;
      }
      ones[n][top] = 1;
    }
    return ones;
  }

  @Override
  public void close() {
    model.close();
  }
}
