package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WinogradKernelTest {

  @ParameterizedTest
  @CsvSource({"16,16,1", "32,48,2", "64,64,7", "80,96,3", "144,16,5", "192,208,6"})
  void vectorsGiveTheBitsOfSingleNumbers(int inputs, int outputs, int tiles) {
    float[] plain = rowOfTiles(new PlainWinograd(), inputs, outputs, tiles);
    assertThat(rowOfTiles(kernel(), inputs, outputs, tiles)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource({"16,16,1", "64,64,7", "512,16,5"})
  void aRowOfTilesIsTheConvolution(int inputs, int outputs, int tiles) {
    float[] got = rowOfTiles(kernel(), inputs, outputs, tiles);
    Case data = new Case(inputs, outputs, tiles);
    int columns = 3 * tiles;
    double squares = 0;
    double worst = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < columns; j++) {
        for (int o = 0; o < outputs; o++) {
          double expected = data.output(i, j, o);
          squares += expected * expected;
          worst = Math.max(worst, Math.abs(expected - got[(i * columns + j) * outputs + o]));
        }
      }
    }
    assertThat(worst / Math.sqrt(squares / got.length)).isLessThan(3e-6);
  }

  private static WinogradKernel kernel() {
    Optional<WinogradKernel> kernel = WinogradKernel.find();
    assumeThat(kernel).as("vectors of 8 floats or more").isPresent();
    return kernel.orElseThrow();
  }

  private static float[] rowOfTiles(WinogradKernel kernel, int inputs, int outputs, int tiles) {
    Case data = new Case(inputs, outputs, tiles);
    int length = data.columns * inputs;
    float[] x = new float[5 * length];
    kernel.spreadRows(
        data.rows, new int[] {0, length, 2 * length, 3 * length, 4 * length}, length, x);
    int padded = (tiles + WinogradKernel.ROWS - 1) / WinogradKernel.ROWS * WinogradKernel.ROWS;
    int wide = (outputs + kernel.panel() - 1) / kernel.panel() * kernel.panel();
    float[] v = new float[WinogradKernel.POINTS * padded * inputs];
    float[] m = new float[WinogradKernel.POINTS * padded * wide];
    kernel.spreadColumns(x, tiles, inputs, v, 0, padded, padded * inputs);
    float[][] u = WinogradPoints.transform(data.weights, inputs, outputs, kernel.panel());
    for (int p = 0; p < u.length; p++) {
      kernel.multiply(v, p * padded * inputs, u[p], m, p * padded * wide, padded, inputs, wide);
    }
    float[] z = new float[5 * 3 * tiles * outputs];
    kernel.mergeColumns(m, padded * wide, 0, padded, tiles, outputs, z);
    kernel.mergeRows(z, tiles, outputs, data.bias);
    return java.util.Arrays.copyOf(z, 9 * tiles * outputs);
  }

  /** Activations after a ReLU and He-normal weights. */
  private static final class Case {
    final int inputs;
    final int outputs;
    final int columns;
    final float[] rows;
    final float[] weights;
    final float[] bias;

    Case(int inputs, int outputs, int tiles) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.columns = 3 * tiles + 2;
      Random random = new Random(inputs + 31L * outputs + 7L * tiles);
      rows = new float[5 * columns * inputs];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) Math.max(0, random.nextGaussian());
      }
      weights = new float[9 * inputs * outputs];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / (9 * inputs)));
      }
      bias = new float[outputs];
      for (int i = 0; i < bias.length; i++) {
        bias[i] = (float) (0.1 * random.nextGaussian());
      }
    }

    double output(int i, int j, int o) {
      double sum = bias[o];
      for (int u = 0; u < 3; u++) {
        for (int v = 0; v < 3; v++) {
          for (int c = 0; c < inputs; c++) {
            double x = rows[((i + u) * columns + j + v) * inputs + c];
            sum += x * weights[((u * 3 + v) * inputs + c) * outputs + o];
          }
        }
      }
      return sum;
    }
  }
}
