package io.gradlens.kernel;

import static io.gradlens.kernel.WinogradPoints.A;
import static io.gradlens.kernel.WinogradPoints.AA;
import static io.gradlens.kernel.WinogradPoints.B;
import static io.gradlens.kernel.WinogradPoints.BB;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The steps with a vector of channels in the place of a single number. */
final class VectorWinograd implements WinogradKernel {
  private static final float[] ZEROS = new float[LANES];

  private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;
  private static final int L = SPECIES.length();
  private static final int PANEL = VectorProduct.PANEL;

  /** True where vectors are wide enough to be worth it. */
  static boolean isWide() {
    return L == 8 || L == 16;
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void spreadRows(float[] rows, int[] at, int length, float[] x) {
    int r0 = at[0];
    int r1 = at[1];
    int r2 = at[2];
    int r3 = at[3];
    int r4 = at[4];
    for (int i = 0; i < length; i += L) {
      spread(rows, r0 + i, r1 + i, r2 + i, r3 + i, r4 + i, x, i, length);
    }
  }

  @Override
  public void spreadColumns(
      float[] x, int tiles, int channels, float[] v, int first, int block, int stride) {
    int length = (TILE * tiles + 2) * channels;
    for (int r = 0; r < SPAN; r++) {
      for (int k = 0; k < channels; k += CHUNK) {
        int chunk = Math.min(CHUNK, channels - k);
        for (int t = 0; t < tiles; t++) {
          int from = r * length + TILE * t * channels + k;
          int to = r * SPAN * stride + k * block + (first + t) * chunk;
          for (int c = 0; c < chunk; c += L) {
            int d = from + c;
            int d2 = d + 2 * channels;
            spread(x, d, d + channels, d2, d2 + channels, d2 + 2 * channels, v, to + c, stride);
          }
        }
      }
    }
  }

  /**
   * No vector goes in or out, for C2 boxes those wherever it gives up inlining; and what works on
   * vectors is not a method of its own, for after some of those it does (DesiredMethodLimit, which
   * only methods of the vector module are free of).
   */
  private static void spread(
      float[] from, int at0, int at1, int at2, int at3, int at4, float[] to, int at, int stride) {
    FloatVector d0 = FloatVector.fromArray(SPECIES, from, at0);
    FloatVector d1 = FloatVector.fromArray(SPECIES, from, at1);
    FloatVector d2 = FloatVector.fromArray(SPECIES, from, at2);
    FloatVector d3 = FloatVector.fromArray(SPECIES, from, at3);
    FloatVector d4 = FloatVector.fromArray(SPECIES, from, at4);
    FloatVector odd = FloatVector.broadcast(SPECIES, -BB).fma(d1, d3);
    FloatVector even = FloatVector.broadcast(SPECIES, -BB).fma(d0, d2);
    FloatVector.broadcast(SPECIES, A).fma(even, odd).intoArray(to, at);
    FloatVector.broadcast(SPECIES, -A).fma(even, odd).intoArray(to, at + stride);
    FloatVector.broadcast(SPECIES, -AA)
        .fma(even, FloatVector.broadcast(SPECIES, -BB).fma(d2, d4))
        .intoArray(to, at + 4 * stride);
    odd = FloatVector.broadcast(SPECIES, -AA).fma(d1, d3);
    even = FloatVector.broadcast(SPECIES, -AA).fma(d0, d2);
    FloatVector.broadcast(SPECIES, B).fma(even, odd).intoArray(to, at + 2 * stride);
    FloatVector.broadcast(SPECIES, -B).fma(even, odd).intoArray(to, at + 3 * stride);
  }

  @Override
  public void multiply(
      float[] v, int vAt, float[] u, float[] m, int mAt, int block, int inputs, int outputs) {
    float[] sums = new float[ROWS * PANEL];
    for (int o = 0; o < outputs; o += PANEL) {
      for (int k = 0; k < inputs; k += CHUNK) {
        int chunk = Math.min(CHUNK, inputs - k);
        int from = o * inputs + k * PANEL;
        for (int t = 0; t < block; t += ROWS) {
          int row = vAt + k * block + t * chunk;
          int to = mAt + o * block + t * PANEL;
          if (k == 0) {
            VectorProduct.block(v, row, u, from, chunk, m, to);
          } else {
            VectorProduct.block(v, row, u, from, chunk, sums, 0);
            add(sums, m, to);
          }
        }
      }
    }
  }

  private static void add(float[] sums, float[] m, int to) {
    for (int i = 0; i < ROWS * PANEL; i += L) {
      FloatVector.fromArray(SPECIES, sums, i)
          .add(FloatVector.fromArray(SPECIES, m, to + i))
          .intoArray(m, to + i);
    }
  }

  @Override
  public void mergeColumns(
      float[] m, int stride, int first, int block, int tiles, int channels, float[] z) {
    int length = TILE * tiles * channels;
    for (int r = 0; r < SPAN; r++) {
      for (int o = 0; o < channels; o += PANEL) {
        int panel = Math.min(PANEL, channels - o);
        for (int t = 0; t < tiles; t++) {
          int from = r * SPAN * stride + o * block + (first + t) * PANEL;
          int to = r * length + TILE * t * channels + o;
          for (int c = 0; c < panel; c += L) {
            merge(m, from + c, stride, z, to + c, channels, ZEROS, 0);
          }
        }
      }
    }
  }

  @Override
  public void mergeRows(float[] z, int tiles, int channels, float[] bias) {
    int columns = TILE * tiles;
    int length = columns * channels;
    for (int j = 0; j < columns; j++) {
      int at = j * channels;
      for (int c = 0; c < channels; c += L) {
        merge(z, at + c, length, z, at + c, length, bias, c);
      }
    }
  }

  private static void merge(
      float[] m, int at, int stride, float[] y, int to, int apart, float[] biases, int biasAt) {
    FloatVector bias = FloatVector.fromArray(SPECIES, biases, biasAt);
    FloatVector m0 = FloatVector.fromArray(SPECIES, m, at);
    FloatVector m1 = FloatVector.fromArray(SPECIES, m, at + stride);
    FloatVector m2 = FloatVector.fromArray(SPECIES, m, at + 2 * stride);
    FloatVector m3 = FloatVector.fromArray(SPECIES, m, at + 3 * stride);
    FloatVector last = FloatVector.fromArray(SPECIES, m, at + 4 * stride);
    FloatVector sumA = m0.add(m1);
    FloatVector differenceA = m0.sub(m1);
    FloatVector sumB = m2.add(m3);
    FloatVector differenceB = m2.sub(m3);
    sumA.add(sumB).add(bias).intoArray(y, to);
    FloatVector.broadcast(SPECIES, A)
        .fma(differenceA, FloatVector.broadcast(SPECIES, B).fma(differenceB, bias))
        .intoArray(y, to + apart);
    FloatVector.broadcast(SPECIES, AA)
        .fma(sumA, FloatVector.broadcast(SPECIES, BB).fma(sumB, last.add(bias)))
        .intoArray(y, to + 2 * apart);
  }
}
