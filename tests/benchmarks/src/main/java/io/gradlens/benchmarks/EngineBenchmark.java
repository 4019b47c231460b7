package io.gradlens.benchmarks;

import io.gradlens.cam.ActivationTap;
import io.gradlens.cam.CamMethod;
import io.gradlens.cam.CamMethods;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Grad-CAM of VGG19 through the engine alone, batch 8, one model shared by all threads: images a
 * second at the {@code auto} layer and at an early one, for one target and for several.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1, time = 10)
@Measurement(iterations = 5, time = 10)
@Threads(2)
@Fork(1)
public class EngineBenchmark {
  private static final int BATCH = 8;

  @Param({"block5_conv4", "block3_conv1"})
  private String layer;

  @Param({"1", "2", "5"})
  private int targets;

  private ProbedModel model;
  private float[] images;
  private List<float[][]> cotangents;
  private final CamMethod method = CamMethods.named("grad-cam");

  /** Loads the model and makes a batch of noise and the cotangents of the first classes. */
  @Setup
  public void load() throws IOException {
    model = ModelLoader.load(Vgg19.file(Path.of(System.getProperty("gradlens.bench", "target"))));
    Random random = new Random(1);
    images = new float[BATCH * Vgg19.SIZE * Vgg19.SIZE * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) (60 * random.nextGaussian());
    }
    cotangents = new ArrayList<>();
    for (int t = 0; t < targets; t++) {
      float[][] cotangent = new float[BATCH][Vgg19.CLASSES];
      for (float[] row : cotangent) {
        row[t] = 1;
      }
      cotangents.add(cotangent);
    }
  }

  /** One batch: forward, vjp, maps. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void gradCam(Blackhole blackhole) {
    try (Trace trace = model.forward(images, Vgg19.SIZE, Vgg19.SIZE, List.of(layer))) {
      FeatureMaps activations = trace.activation(layer);
      for (FeatureMaps gradients : trace.vjp(layer, cotangents)) {
        for (int n = 0; n < BATCH; n++) {
          blackhole.consume(
              method.map(
                  new ActivationTap(
                      activations.channels(),
                      activations.height(),
                      activations.width(),
                      activations.values()[n],
                      gradients.values()[n])));
        }
      }
    }
  }
}
