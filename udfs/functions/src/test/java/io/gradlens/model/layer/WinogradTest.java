package io.gradlens.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gradlens.kernel.WinogradKernel;
import io.gradlens.model.NativeBackend;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WinogradTest {

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
    assumeThat(WinogradKernel.find()).as("vectors of 8 floats or more").isPresent();
  }

  /** Post-ReLU activations, He-normal weights: oneDNN's own error is up to 3.7e-6 here. */
  @ParameterizedTest
  @CsvSource({
    "64,64,9,9,1,true,0",
    "64,64,10,8,3,true,0",
    "16,48,7,11,2,false,0",
    "96,80,11,6,2,false,1",
    "32,16,3,4,5,false,2",
    "208,64,1,1,2,true,0",
    "128,128,2,17,1,false,1",
    "512,64,14,14,2,true,0",
  })
  void outputIsTheDefinitions(
      int inputs, int outputs, int rows, int columns, int batch, boolean same, int pad) {
    Window window = new Window(3, 3, 1, 1, 1, 1, same, pad, pad);
    INDArray x = activations(1, batch, rows, columns, inputs);
    INDArray w = weights(2, inputs, outputs);
    INDArray b = OpTest.random(3, 0.1, outputs);
    INDArray y = output(x, window, outputs);
    new Winograd(w, b).convolve(x, window, y);
    double[] expected = definition(x, w, b, window, y.shape());
    assertThat(error(expected, NativeFloats.read(y))).isLessThan(3e-6);
  }

  @Test
  void anImageHasTheSameBitsWhereverItStands() {
    for (int[] shape : new int[][] {{5, 5}, {14, 14}, {31, 20}}) {
      Window window = Window.of(3, 3, 1, 1, true);
      INDArray x = activations(4, 9, shape[0], shape[1], 64);
      INDArray w = weights(5, 64, 64);
      Winograd winograd = new Winograd(w, null);
      float[] together = convolved(winograd, x, window);
      int size = together.length / 9;
      int image = shape[0] * shape[1] * 64;
      float[] values = NativeFloats.read(x);
      for (int first = 0; first < 9; first++) {
        for (int count = 1; first + count <= 9; count += 3) {
          float[] part = Arrays.copyOfRange(values, first * image, (first + count) * image);
          long[] some = {count, shape[0], shape[1], 64};
          assertThat(convolved(winograd, Nd4j.create(part, some, 'c'), window))
              .as("images %d to %d of %s", first, first + count, Arrays.toString(shape))
              .isEqualTo(Arrays.copyOfRange(together, first * size, (first + count) * size));
        }
      }
    }
  }

  @Test
  void threadsShareAKernel() throws InterruptedException {
    Window window = Window.of(3, 3, 1, 1, true);
    INDArray x = activations(6, 2, 14, 14, 64);
    Conv2D op = new Conv2D(weights(7, 64, 64), OpTest.random(8, 1, 64), window, 1);
    float[][] results = new float[4][];
    Thread[] threads = new Thread[results.length];
    for (int t = 0; t < threads.length; t++) {
      int id = t;
      threads[t] =
          new Thread(
              () -> {
                INDArray y = output(x, window, 64);
                op.forward(new INDArray[] {x}, y);
                results[id] = NativeFloats.read(y);
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (float[] result : results) {
      assertThat(result).isEqualTo(results[0]);
    }
  }

  @Test
  void theGradientIsTheTranspose() {
    Window window = Window.of(3, 3, 1, 1, true);
    INDArray w = weights(9, 64, 128);
    assertThat(Winograd.pays(w, window, 20, 17)).isTrue();
    INDArray x = activations(10, 2, 20, 17, 64);
    Conv2D op = new Conv2D(w, null, window, 1);
    INDArray y = output(x, window, 128);
    op.forward(new INDArray[] {x}, y);
    INDArray cotangent = OpTest.random(11, 1, 6, 20, 17, 128);
    INDArray[] inputs = {x};
    float[] gradient = NativeFloats.read(op.vjp(0, inputs, y, cotangent, BackwardRule.GRADIENT));
    float[] c = NativeFloats.read(cotangent);
    float[] at = NativeFloats.read(x);
    float[] out = NativeFloats.read(y);
    for (int t = 0; t < 3; t++) {
      double left = 0;
      double scale = 0;
      for (int i = 0; i < out.length; i++) {
        double term = (double) c[t * out.length + i] * out[i];
        left += term;
        scale += term * term;
      }
      double right = 0;
      for (int i = 0; i < at.length; i++) {
        right += (double) gradient[t * at.length + i] * at[i];
      }
      assertThat(Math.abs(left - right) / Math.sqrt(scale)).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 64, 64, 56, true",
    "3, 2, 64, 64, 56, false",
    "1, 1, 64, 64, 56, false",
    "3, 1, 16, 64, 56, false",
    "3, 1, 64, 32, 56, false",
    "3, 1, 64, 100, 56, false",
    "3, 1, 64, 96, 35, true",
    "3, 1, 512, 512, 7, true",
    "3, 1, 512, 512, 4, false",
    "3, 1, 512, 512, 1000, false",
  })
  void itServesManyChannelsOnWholeTiles(
      int kernel, int stride, int inputs, int outputs, int size, boolean pays) {
    INDArray w = Nd4j.createUninitialized(DataType.FLOAT, kernel, kernel, inputs, outputs);
    Window window = Window.of(kernel, kernel, stride, stride, true);
    assertThat(Winograd.pays(w, window, size, size)).isEqualTo(pays);
  }

  private static float[] convolved(Winograd winograd, INDArray x, Window window) {
    INDArray y = output(x, window, 64);
    winograd.convolve(x, window, y);
    return NativeFloats.read(y);
  }

  private static INDArray output(INDArray x, Window window, int outputs) {
    int rows = window.outputRows((int) x.size(1));
    int columns = window.outputColumns((int) x.size(2));
    return Nd4j.createUninitialized(DataType.FLOAT, x.size(0), rows, columns, outputs);
  }

  private static INDArray activations(long seed, long... shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.max(0, random.nextGaussian());
    }
    return Nd4j.create(values, shape, 'c');
  }

  private static INDArray weights(long seed, int inputs, int outputs) {
    return OpTest.random(seed, Math.sqrt(2.0 / (9 * inputs)), 3, 3, inputs, outputs);
  }

  private static double[] definition(
      INDArray x, INDArray w, INDArray b, Window window, long[] shape) {
    float[] in = NativeFloats.read(x);
    float[] kernel = NativeFloats.read(w);
    float[] bias = NativeFloats.read(b);
    int rows = (int) x.size(1);
    int columns = (int) x.size(2);
    int inputs = (int) x.size(3);
    int outputs = (int) shape[3];
    double[] y = new double[(int) (shape[0] * shape[1] * shape[2]) * outputs];
    int at = 0;
    for (int n = 0; n < shape[0]; n++) {
      for (int i = 0; i < shape[1]; i++) {
        for (int j = 0; j < shape[2]; j++, at += outputs) {
          for (int o = 0; o < outputs; o++) {
            y[at + o] = bias[o];
          }
          for (int tap = 0; tap < 9; tap++) {
            int row = i + tap / 3 - window.padTop(rows);
            int column = j + tap % 3 - window.padLeft(columns);
            if (row < 0 || row >= rows || column < 0 || column >= columns) {
              continue;
            }
            int from = ((n * rows + row) * columns + column) * inputs;
            for (int c = 0; c < inputs; c++) {
              double value = in[from + c];
              for (int o = 0; o < outputs; o++) {
                y[at + o] += value * kernel[(tap * inputs + c) * outputs + o];
              }
            }
          }
        }
      }
    }
    return y;
  }

  /** The largest deviation, relative to the root mean square. */
  private static double error(double[] expected, float[] got) {
    double squares = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += expected[i] * expected[i];
      worst = Math.max(worst, Math.abs(expected[i] - got[i]));
    }
    return worst / Math.sqrt(squares / expected.length);
  }
}
