package io.gradlens.model;

import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.BatchNorm;
import io.gradlens.model.layer.Concatenate;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Reshape;
import io.gradlens.model.layer.ScaleShift;
import io.gradlens.model.layer.Softmax;
import io.gradlens.model.layer.Window;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small networks with seeded weights, and pictures for them. */
public final class Networks {
  private final Random random;

  private Networks(long seed) {
    this.random = new Random(seed);
  }

  /** The engine over a graph, for tests of what reads graphs from files. */
  public static ProbedModel model(LayerGraph graph) {
    return new NetworkModel(graph, StoredMetadata.NONE);
  }

  /** What {@code --layer auto} takes in a graph. */
  public static String autoLayer(LayerGraph graph, int classes) {
    return AutoLayer.of(graph, classes);
  }

  /** Residual and dense connections, batch norm, depthwise, squeeze and excitation; 12x10x3. */
  static LayerGraph residual() {
    Networks n = new Networks(1);
    LayerGraph.Builder b = new LayerGraph.Builder();
    int in = b.input("input", new InputShape(12, 10, 3));
    int c1 = b.layer("conv1", "Conv2D", ids(in), List.of(n.conv(3, 3, 8, 1)));
    int bn = b.layer("bn1", "BatchNormalization", ids(c1), List.of(n.norm(8)));
    int r1 = b.layer("relu1", "Activation", ids(bn), List.of(Activation.relu()));
    int c2 = b.layer("conv2", "Conv2D", ids(r1), List.of(n.conv(3, 8, 8, 1)));
    int add = b.layer("add", "Add", ids(c2, r1), List.of(new Merge(Merge.Kind.ADD)));
    int r2 = b.layer("relu2", "Activation", ids(add), List.of(Activation.relu()));
    int pool =
        b.layer(
            "pool",
            "MaxPooling2D",
            ids(r2),
            List.of(new Pool2D(Pool2D.Kind.MAX, Window.of(2, 2, 2, 2, false), false)));
    DepthwiseConv2D depthwise =
        new DepthwiseConv2D(n.weights(3, 3, 8, 1), null, Window.of(3, 3, 1, 1, true));
    int dw = b.layer("depthwise", "DepthwiseConv2D", ids(pool), List.of(depthwise));
    int squeeze =
        b.layer(
            "squeeze",
            "GlobalAveragePooling2D",
            ids(dw),
            List.of(new GlobalPool2D(Pool2D.Kind.AVERAGE, true)));
    int gate =
        b.layer(
            "gate",
            "Conv2D",
            ids(squeeze),
            List.of(n.conv(1, 8, 8, 1), Activation.of(Activation.Kind.SIGMOID)));
    int scale =
        b.layer("scale", "Multiply", ids(dw, gate), List.of(new Merge(Merge.Kind.MULTIPLY)));
    int cat = b.layer("concat", "Concatenate", ids(scale, pool), List.of(new Concatenate(-1)));
    int c3 =
        b.layer(
            "conv3",
            "Conv2D",
            ids(cat),
            List.of(n.conv(3, 16, 12, 2), Activation.of(Activation.Kind.SWISH)));
    int drop = b.layer("dropout", "Dropout", ids(c3), List.of(new Identity()));
    int flat = b.layer("flatten", "Flatten", ids(drop), List.of(new Reshape(-1)));
    int out =
        b.layer(
            "predictions",
            "Dense",
            ids(flat),
            List.of(new Dense(n.weights(3 * 3 * 12, 5), n.weights(5)), new Softmax()));
    return b.build(out);
  }

  /** Fully convolutional with a 1x1 classifier, as SqueezeNet ends; input size free. */
  static LayerGraph convolutionalClassifier() {
    Networks n = new Networks(2);
    LayerGraph.Builder b = new LayerGraph.Builder();
    int in = b.input("input", new InputShape(-1, -1, 3));
    int c = b.layer("features", "Conv2D", ids(in), List.of(n.conv(3, 3, 8, 1), Activation.relu()));
    int drop = b.layer("drop", "Dropout", ids(c), List.of(new Identity()));
    int k = b.layer("classifier", "Conv2D", ids(drop), List.of(n.conv(1, 8, 4, 1)));
    int r = b.layer("relu", "Activation", ids(k), List.of(Activation.relu()));
    int g =
        b.layer(
            "gap",
            "GlobalAveragePooling2D",
            ids(r),
            List.of(new GlobalPool2D(Pool2D.Kind.AVERAGE, false)));
    return b.build(b.layer("softmax", "Softmax", ids(g), List.of(new Softmax())));
  }

  /** One sigmoid unit over a global average. */
  static LayerGraph binary() {
    Networks n = new Networks(3);
    LayerGraph.Builder b = new LayerGraph.Builder();
    int in = b.input("input", new InputShape(8, 8, 1));
    int c = b.layer("conv", "Conv2D", ids(in), List.of(n.conv(3, 1, 6, 1), Activation.relu()));
    int g =
        b.layer(
            "gap",
            "GlobalAveragePooling2D",
            ids(c),
            List.of(new GlobalPool2D(Pool2D.Kind.AVERAGE, false)));
    Dense dense = new Dense(n.weights(6, 1), n.weights(1));
    return b.build(
        b.layer("out", "Dense", ids(g), List.of(dense, Activation.of(Activation.Kind.SIGMOID))));
  }

  static float[] pictures(long seed, int count, int size) {
    Random random = new Random(seed);
    float[] values = new float[count * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Conv2D conv(int kernel, int in, int out, int stride) {
    Window window = Window.of(kernel, kernel, stride, stride, true);
    return new Conv2D(weights(kernel, kernel, in, out), weights(out), window, 1);
  }

  private ScaleShift norm(int channels) {
    INDArray variance = weights(channels);
    variance.muli(variance).addi(0.5);
    return ScaleShift.batchNorm(
        new BatchNorm(
            weights(channels).addi(1), weights(channels), weights(channels), variance, 1e-3, 0.9));
  }

  private INDArray weights(long... shape) {
    int size = 1;
    for (long d : shape) {
      size *= (int) d;
    }
    double deviation = Math.sqrt(2.0 * shape[shape.length - 1] / size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (Math.min(deviation, 0.5) * random.nextGaussian());
    }
    return Nd4j.create(values, shape, 'c');
  }

  private static int[] ids(int... nodes) {
    return nodes;
  }
}
