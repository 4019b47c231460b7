package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.HeadActivation;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.BackwardRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that can be redone by hand, for tests of all that stands around a network.
 *
 * <p>Input 8x8 RGB. Layer {@code patches}: means of 2x2 pixels, {@code [3,4,4]}; layer {@code
 * quarters}: means of 2x2 patches, {@code [3,2,2]}. Logit of class c: Σ_k W[c][k]·(mean of channel
 * k), so that the gradient of c at {@code patches} is W[c][k]/16 everywhere.
 */
public final class PatchModel implements ProbedModel {

  /** Red, green, blue, and one that only dislikes: its map is zero. */
  public static final float[][] WEIGHTS = {
    {1, -0.5f, -0.5f}, {-0.5f, 1, -0.5f}, {-0.5f, -0.5f, 1}, {-1, -1, -1}
  };

  public static final List<String> CLASSES = List.of("red", "green", "blue", "dark");

  private static final int SIDE = 8;

  /** How many forward passes there were, and the batch of the last one. */
  public final AtomicInteger forwards = new AtomicInteger();

  public final AtomicInteger lastBatch = new AtomicInteger();

  /** Runs before every forward pass: a test may make it slow, or fail. */
  public volatile Runnable beforeForward = () -> {};

  private final Optional<Preprocessing> preprocessing;

  private final Runnable onClose;

  /** A model that stores its preprocessing. */
  public PatchModel() {
    this(Optional.of(Preprocessing.preset("unit")));
  }

  PatchModel(Runnable onClose) {
    this.onClose = onClose;
    preprocessing = Optional.of(Preprocessing.preset("unit"));
  }

  public PatchModel(Optional<Preprocessing> preprocessing) {
    this.preprocessing = preprocessing;
    onClose = () -> {};
  }

  @Override
  public List<LayerInfo> layers() {
    return List.of(
        new LayerInfo("patches", "AveragePooling2D", List.of(4, 4, 3), 0, 0, List.of("input")),
        new LayerInfo("quarters", "AveragePooling2D", List.of(2, 2, 3), 0, 0, List.of("patches")),
        new LayerInfo("head", "Dense", List.of(4), 12, 0, List.of("quarters")));
  }

  @Override
  public InputShape input() {
    return new InputShape(SIDE, SIDE, 3);
  }

  @Override
  public int classes() {
    return WEIGHTS.length;
  }

  @Override
  public HeadActivation headActivation() {
    return HeadActivation.SOFTMAX;
  }

  @Override
  public String autoLayer() {
    return "quarters";
  }

  @Override
  public Optional<Preprocessing> preprocessing() {
    return preprocessing;
  }

  @Override
  public Optional<List<String>> classNames() {
    return Optional.of(CLASSES);
  }

  @Override
  public Trace forward(float[] images, int height, int width, Collection<String> layers) {
    if (height != SIDE || width != SIDE || images.length % (SIDE * SIDE * 3) != 0) {
      throw new UserInputException("The input must be 8x8x3.");
    }
    beforeForward.run();
    forwards.incrementAndGet();
    int size = images.length / (SIDE * SIDE * 3);
    lastBatch.set(size);
    return new PatchTrace(images, size);
  }

  @Override
  public float[][] head(String layer, float[][] activations, int height, int width) {
    throw new AssertionError("not asked for by Grad-CAM");
  }

  @Override
  public ProbedModel withRandomised(Collection<String> layers, long seed) {
    throw new AssertionError("not asked for by Grad-CAM");
  }

  @Override
  public void close() {
    onClose.run();
  }

  private static int side(String layer) {
    return layer.equals("patches") ? 4 : 2;
  }

  private record PatchTrace(float[] images, int size) implements Trace {

    @Override
    public float[][] logits() {
      float[][] logits = new float[size][WEIGHTS.length];
      FeatureMaps maps = activation("quarters");
      for (int n = 0; n < size; n++) {
        for (int c = 0; c < WEIGHTS.length; c++) {
          for (int i = 0; i < 12; i++) {
            logits[n][c] += WEIGHTS[c][i / 4] * maps.values()[n][i] / 4;
          }
        }
      }
      return logits;
    }

    @Override
    public float[][] probabilities() {
      float[][] logits = logits();
      for (float[] row : logits) {
        double sum = 0;
        for (float y : row) {
          sum += Math.exp(y);
        }
        for (int c = 0; c < row.length; c++) {
          row[c] = (float) (Math.exp(row[c]) / sum);
        }
      }
      return logits;
    }

    @Override
    public FeatureMaps activation(String layer) {
      int side = side(layer);
      int patch = SIDE / side;
      float[][] values = new float[size][3 * side * side];
      for (int n = 0; n < size; n++) {
        for (int p = 0; p < SIDE * SIDE; p++) {
          int cell = p / SIDE / patch * side + p % SIDE / patch;
          for (int k = 0; k < 3; k++) {
            values[n][k * side * side + cell] +=
                images[(n * SIDE * SIDE + p) * 3 + k] / (patch * patch);
          }
        }
      }
      return new FeatureMaps(3, side, side, values);
    }

    @Override
    public List<FeatureMaps> vjp(String layer, List<float[][]> cotangents) {
      int cells = side(layer) * side(layer);
      List<FeatureMaps> gradients = new ArrayList<>();
      for (float[][] cotangent : cotangents) {
        float[][] values = new float[size][3 * cells];
        for (int n = 0; n < size; n++) {
          for (int c = 0; c < WEIGHTS.length; c++) {
            for (int i = 0; i < values[n].length; i++) {
              values[n][i] += cotangent[n][c] * WEIGHTS[c][i / cells] / cells;
            }
          }
        }
        gradients.add(new FeatureMaps(3, side(layer), side(layer), values));
      }
      return gradients;
    }

    @Override
    public List<FeatureMaps> inputGradient(BackwardRule rule, List<float[][]> cotangents) {
      throw new AssertionError("not asked for by Grad-CAM");
    }

    @Override
    public void close() {}
  }
}
