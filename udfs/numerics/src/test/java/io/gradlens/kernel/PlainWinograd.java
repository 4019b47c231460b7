package io.gradlens.kernel;

import static io.gradlens.kernel.WinogradPoints.A;
import static io.gradlens.kernel.WinogradPoints.AA;
import static io.gradlens.kernel.WinogradPoints.B;
import static io.gradlens.kernel.WinogradPoints.BB;

import java.util.Arrays;

/** The steps as loops over single numbers: the control of {@link VectorWinograd}. */
final class PlainWinograd implements WinogradKernel {

  @Override
  public int panel() {
    return LANES;
  }

  @Override
  public void spreadRows(float[] rows, int[] at, int length, float[] x) {
    float[] d = new float[SPAN];
    for (int i = 0; i < length; i++) {
      for (int r = 0; r < SPAN; r++) {
        d[r] = rows[at[r] + i];
      }
      spread(d, x, i, length);
    }
  }

  @Override
  public void spreadColumns(
      float[] x, int tiles, int channels, float[] v, int first, int block, int stride) {
    int length = (TILE * tiles + 2) * channels;
    float[] d = new float[SPAN];
    for (int r = 0; r < SPAN; r++) {
      for (int t = 0; t < tiles; t++) {
        for (int c = 0; c < channels; c++) {
          for (int j = 0; j < SPAN; j++) {
            d[j] = x[r * length + (TILE * t + j) * channels + c];
          }
          int k = c / CHUNK * CHUNK;
          int chunk = Math.min(CHUNK, channels - k);
          int to = k * block + (first + t) * chunk + c - k;
          spread(d, v, r * SPAN * stride + to, stride);
        }
      }
    }
  }

  private static void spread(float[] d, float[] to, int at, int stride) {
    float odd = Math.fma(-BB, d[1], d[3]);
    float even = Math.fma(-BB, d[0], d[2]);
    to[at] = Math.fma(A, even, odd);
    to[at + stride] = Math.fma(-A, even, odd);
    to[at + 4 * stride] = Math.fma(-AA, even, Math.fma(-BB, d[2], d[4]));
    odd = Math.fma(-AA, d[1], d[3]);
    even = Math.fma(-AA, d[0], d[2]);
    to[at + 2 * stride] = Math.fma(B, even, odd);
    to[at + 3 * stride] = Math.fma(-B, even, odd);
  }

  @Override
  public void multiply(
      float[] v, int vAt, float[] u, float[] m, int mAt, int block, int inputs, int outputs) {
    float[] sum = new float[LANES];
    for (int o = 0; o < outputs; o += LANES) {
      for (int k = 0; k < inputs; k += CHUNK) {
        int chunk = Math.min(CHUNK, inputs - k);
        for (int t = 0; t < block; t++) {
          Arrays.fill(sum, 0);
          for (int c = 0; c < chunk; c++) {
            float d = v[vAt + k * block + t * chunk + c];
            int from = o * inputs + (k + c) * LANES;
            for (int l = 0; l < LANES; l++) {
              sum[l] = Math.fma(d, u[from + l], sum[l]);
            }
          }
          int to = mAt + o * block + t * LANES;
          for (int l = 0; l < LANES; l++) {
            m[to + l] = k == 0 ? sum[l] : sum[l] + m[to + l];
          }
        }
      }
    }
  }

  @Override
  public void mergeColumns(
      float[] m, int stride, int first, int block, int tiles, int channels, float[] z) {
    int length = TILE * tiles * channels;
    for (int r = 0; r < SPAN; r++) {
      for (int t = 0; t < tiles; t++) {
        for (int c = 0; c < channels; c++) {
          int o = c / LANES * LANES;
          int at = r * SPAN * stride + o * block + (first + t) * LANES + c - o;
          merge(m, at, stride, z, r * length + TILE * t * channels + c, channels, 0);
        }
      }
    }
  }

  @Override
  public void mergeRows(float[] z, int tiles, int channels, float[] bias) {
    int columns = TILE * tiles;
    int length = columns * channels;
    for (int j = 0; j < columns; j++) {
      for (int c = 0; c < channels; c++) {
        int at = j * channels + c;
        merge(z, at, length, z, at, length, bias[c]);
      }
    }
  }

  private static void merge(
      float[] m, int at, int stride, float[] y, int to, int apart, float bias) {
    float sumA = m[at] + m[at + stride];
    float differenceA = m[at] - m[at + stride];
    float sumB = m[at + 2 * stride] + m[at + 3 * stride];
    float differenceB = m[at + 2 * stride] - m[at + 3 * stride];
    float last = m[at + 4 * stride];
    y[to] = sumA + sumB + bias;
    y[to + apart] = Math.fma(A, differenceA, Math.fma(B, differenceB, bias));
    y[to + 2 * apart] = Math.fma(AA, sumA, Math.fma(BB, sumB, last + bias));
  }
}
