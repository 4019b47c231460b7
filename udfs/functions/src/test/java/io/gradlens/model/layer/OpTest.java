package io.gradlens.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.model.NativeBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The contract of every op: its vjp is the transpose of its derivative. */
class OpTest {
  private static final int BATCH = 2;
  private static final int TARGETS = 3;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  static INDArray random(long seed, double scale, long... shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return Nd4j.create(values, shape, 'c');
  }

  /** All different and 0.0025 or more from kinks and ties, so that differences straddle none. */
  static INDArray offKinks(long seed, double offset, long... shape) {
    float[] order = NativeFloats.read(random(seed, 1, shape));
    float[] sorted = order.clone();
    Arrays.sort(sorted);
    float[] values = new float[order.length];
    for (int i = 0; i < values.length; i++) {
      int rank = Arrays.binarySearch(sorted, order[i]);
      values[i] = (float) (0.01 * (rank - values.length / 2) + offset);
    }
    return Nd4j.create(values, shape, 'c');
  }

  static Window window(int kernel, int stride, int dilation, boolean same, int pad) {
    return new Window(kernel, kernel, stride, stride, dilation, dilation, same, pad, pad);
  }

  static Arguments op(String name, Op op, int[]... inputs) {
    return Arguments.of(name, op, List.of(inputs));
  }

  static Stream<Arguments> ops() {
    int[] map = {7, 6, 4};
    int[] same = {7, 6, 4};
    int[] channel = {1, 1, 4};
    int[] vector = {5};
    Stream.Builder<Arguments> all = Stream.builder();
    for (int stride : new int[] {1, 2, 3}) {
      for (int kernel : new int[] {1, 2, 3, 5}) {
        for (boolean padSame : new boolean[] {true, false}) {
          INDArray w = random(kernel, 0.3, kernel, kernel, 4, 3);
          Window win = window(kernel, stride, 1, padSame, 0);
          String name = "k" + kernel + " s" + stride + (padSame ? " same" : " valid");
          all.add(op("conv " + name, new Conv2D(w, random(9, 1, 3), win, 1), map));
          INDArray d = random(kernel, 0.3, kernel, kernel, 4, 2);
          all.add(op("depthwise " + name, new DepthwiseConv2D(d, null, win), map));
          all.add(op("max pool " + name, new Pool2D(Pool2D.Kind.MAX, win, false), map));
          all.add(op("avg pool " + name, new Pool2D(Pool2D.Kind.AVERAGE, win, false), map));
        }
      }
    }
    Window padded = window(3, 2, 1, false, 1);
    INDArray w = random(1, 0.3, 3, 3, 4, 3);
    all.add(op("conv padded", new Conv2D(w, null, padded, 1), map));
    all.add(op("conv pad 2", new Conv2D(w, null, window(3, 1, 1, false, 2), 1), map));
    all.add(
        op(
            "conv 1x1 padded",
            new Conv2D(random(1, 1, 1, 1, 4, 3), null, window(1, 2, 1, false, 1), 1),
            map));
    all.add(op("conv dilated", new Conv2D(w, null, window(3, 1, 2, true, 0), 1), map));
    all.add(op("conv dilated valid", new Conv2D(w, null, window(3, 1, 2, false, 0), 1), map));
    all.add(
        op(
            "conv groups",
            new Conv2D(random(1, 0.3, 3, 3, 2, 6), random(2, 1, 6), window(3, 1, 1, true, 0), 2),
            map));
    all.add(op("max pool padded", new Pool2D(Pool2D.Kind.MAX, padded, false), map));
    all.add(op("avg pool counting", new Pool2D(Pool2D.Kind.AVERAGE, padded, true), map));
    all.add(op("dense", new Dense(random(3, 1, 5, 7), random(4, 1, 7)), vector));
    all.add(op("dense on maps", new Dense(random(3, 1, 4, 2), null), map));
    all.add(op("scale", new ScaleShift(random(5, 1, 4), random(6, 1, 4), 0, 0), map));
    all.add(op("global average", new GlobalPool2D(Pool2D.Kind.AVERAGE, false), map));
    all.add(op("global max", new GlobalPool2D(Pool2D.Kind.MAX, true), map));
    all.add(op("softmax", new Softmax(), vector));
    all.add(op("reshape", new Reshape(6, -1, 4), map));
    all.add(op("permute", new Permute(3, 1, 2), map));
    all.add(op("identity", new Identity(), map));
    all.add(op("pad", new Pad2D(1, 2, 0, 3), map));
    all.add(op("crop", new Crop2D(1, 2, 0, 3), map));
    all.add(op("nearest", new UpSample2D(2, 3, false), map));
    all.add(op("bilinear", new UpSample2D(2, 3, true), map));
    all.add(op("prelu", new PRelu(random(7, 1, 1, 1, 4)), map));
    all.add(op("layer norm", new LayerNorm(random(8, 1, 4), random(9, 1, 4), 1e-3), map));
    all.add(op("concat", new Concatenate(-1), map, same, new int[] {7, 6, 2}));
    all.add(op("concat rows", new Concatenate(0), map, new int[] {2, 6, 4}));
    for (Merge.Kind kind : Merge.Kind.values()) {
      all.add(op("merge " + kind, new Merge(kind), map, same));
      all.add(op("broadcast " + kind, new Merge(kind), map, channel));
      all.add(op("broadcast first " + kind, new Merge(kind), channel, map));
    }
    for (Activation.Kind kind : Activation.Kind.values()) {
      all.add(op(kind.name(), Activation.of(kind), map));
    }
    all.add(op("relu", Activation.relu(), map));
    all.add(op("relu6", Activation.relu(6, 0, 0), map));
    all.add(op("leaky", Activation.relu(Double.POSITIVE_INFINITY, 0.3, 0), map));
    all.add(op("threshold", Activation.relu(1, 0.1, 0.5), map));
    return all.build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void vjpMatchesCentralDifferences(String name, Op op, List<int[]> shapes) {
    INDArray[] inputs = new INDArray[shapes.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = offKinks(100 + i, 0.0025 + 0.005 * i, Shapes.batched(BATCH, shapes.get(i)));
    }
    INDArray output = forward(op, inputs, shapes);
    long[] stacked = output.shape().clone();
    stacked[0] *= TARGETS;
    INDArray cotangent = random(200, 1, stacked);
    float[] before = NativeFloats.read(cotangent);
    for (int index = 0; index < inputs.length; index++) {
      INDArray gradient = op.vjp(index, inputs, output, cotangent, BackwardRule.GRADIENT);
      assertThat(gradient.size(0)).isEqualTo(TARGETS * BATCH);
      float[] g = NativeFloats.read(gradient);
      double eps = 3e-4;
      INDArray direction = random(300 + index, 1, inputs[index].shape());
      double[] expected = differences(op, inputs, shapes, index, direction, eps, before);
      float[] d = NativeFloats.read(direction);
      double scale = Math.sqrt(before.length);
      for (int t = 0; t < TARGETS; t++) {
        double got = 0;
        for (int i = 0; i < d.length; i++) {
          got += (double) d[i] * g[t * d.length + i];
        }
        assertThat(got)
            .as("%s, input %d, target %d", name, index, t)
            .isCloseTo(expected[t], within(2e-3 * scale + 1e-2 * Math.abs(expected[t])));
      }
    }
    assertThat(NativeFloats.read(cotangent)).as("cotangent is read only").isEqualTo(before);
  }

  private static double[] differences(
      Op op,
      INDArray[] inputs,
      List<int[]> shapes,
      int index,
      INDArray direction,
      double eps,
      float[] cotangent) {
    INDArray[] moved = inputs.clone();
    moved[index] = inputs[index].add(direction.mul(eps));
    float[] plus = NativeFloats.read(forward(op, moved, shapes));
    moved[index] = inputs[index].sub(direction.mul(eps));
    float[] minus = NativeFloats.read(forward(op, moved, shapes));
    double[] result = new double[TARGETS];
    for (int t = 0; t < TARGETS; t++) {
      for (int i = 0; i < plus.length; i++) {
        result[t] += cotangent[t * plus.length + i] * ((double) plus[i] - minus[i]) / (2 * eps);
      }
    }
    return result;
  }

  private static INDArray forward(Op op, INDArray[] inputs, List<int[]> shapes) {
    int[] shape = op.outputShape(shapes);
    if (op.isView()) {
      return inputs[0].reshape('c', Shapes.batched(BATCH, shape));
    }
    INDArray output = Nd4j.createUninitialized(DataType.FLOAT, Shapes.batched(BATCH, shape));
    op.forward(inputs, output);
    return output;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void inPlaceGivesTheSameOutput(String name, Op op, List<int[]> shapes) {
    if (!op.inPlace() || !Arrays.equals(op.outputShape(shapes), shapes.get(0))) {
      return;
    }
    INDArray[] inputs = new INDArray[shapes.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random(100 + i, 1, Shapes.batched(BATCH, shapes.get(i)));
    }
    float[] expected = NativeFloats.read(forward(op, inputs, shapes));
    op.forward(inputs, inputs[0]);
    assertThat(NativeFloats.read(inputs[0])).isEqualTo(expected);
  }

  @Test
  void convolutionMatchesItsDefinition() {
    List<String> wrong = new ArrayList<>();
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= (stride == 1 ? 2 : 1); dilation++) {
          for (int pad = -1; pad <= 2; pad++) {
            Window window = window(kernel, stride, dilation, pad < 0, Math.max(0, pad));
            INDArray x = random(1, 1, BATCH, 9, 8, 3);
            INDArray w = random(2, 1, kernel, kernel, 3, 5);
            INDArray b = random(3, 1, 5);
            float[] got =
                NativeFloats.read(
                    forward(
                        new Conv2D(w, b, window, 1),
                        new INDArray[] {x},
                        List.of(new int[] {9, 8, 3})));
            float[] expected = naive(x, w, b, window);
            for (int i = 0; i < expected.length; i++) {
              if (Math.abs(got[i] - expected[i]) > 1e-4) {
                wrong.add(window + " at " + i + ": " + got[i] + " for " + expected[i]);
                break;
              }
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The sum of the definition, term by term. */
  private static float[] naive(INDArray x, INDArray w, INDArray b, Window window) {
    int h = (int) x.size(1);
    int width = (int) x.size(2);
    int rows = window.outputRows(h);
    int columns = window.outputColumns(width);
    int outputs = (int) w.size(3);
    float[] y = new float[BATCH * rows * columns * outputs];
    for (int n = 0, at = 0; n < BATCH; n++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          for (int o = 0; o < outputs; o++, at++) {
            double sum = b.getDouble(o);
            for (int u = 0; u < window.kernelH(); u++) {
              for (int v = 0; v < window.kernelW(); v++) {
                int r = i * window.strideH() + u * window.dilationH() - window.padTop(h);
                int s = j * window.strideW() + v * window.dilationW() - window.padLeft(width);
                if (r < 0 || r >= h || s < 0 || s >= width) {
                  continue;
                }
                for (int c = 0; c < w.size(2); c++) {
                  sum += x.getDouble(n, r, s, c) * w.getDouble(u, v, c, o);
                }
              }
            }
            y[at] = (float) sum;
          }
        }
      }
    }
    return y;
  }

  @Test
  void foldedScaleGivesTheSameOutput() {
    ScaleShift affine = new ScaleShift(random(5, 1, 6), random(6, 1, 6), 0, 0);
    List<int[]> map = List.of(new int[] {7, 6, 4});
    INDArray x = random(1, 1, BATCH, 7, 6, 4);
    Window window = window(3, 1, 1, true, 0);
    List<Foldable> foldables =
        List.of(
            new Conv2D(random(1, 0.3, 3, 3, 4, 6), random(2, 1, 6), window, 1),
            new Conv2D(random(1, 0.3, 3, 3, 2, 6), null, window, 2));
    for (Foldable op : foldables) {
      INDArray y = forward(op, new INDArray[] {x}, map);
      affine.forward(new INDArray[] {y}, y);
      float[] folded = NativeFloats.read(forward(op.fold(affine), new INDArray[] {x}, map));
      assertThat(folded).containsExactly(NativeFloats.read(y), within(1e-4f));
    }
  }

  @Test
  void guidedRuleStopsNegativeGradientsAtARectifier() {
    INDArray x = Nd4j.create(new float[] {1, 1, -1, -1}, new long[] {1, 4}, 'c');
    INDArray g = Nd4j.create(new float[] {2, -2, 2, -2}, new long[] {1, 4}, 'c');
    INDArray[] inputs = {x};
    Activation relu = Activation.relu();
    assertThat(NativeFloats.read(relu.vjp(0, inputs, x, g, BackwardRule.GUIDED)))
        .containsExactly(2, 0, 0, 0);
    assertThat(NativeFloats.read(relu.vjp(0, inputs, x, g, BackwardRule.GRADIENT)))
        .containsExactly(2, -2, 0, -0f);
  }
}
