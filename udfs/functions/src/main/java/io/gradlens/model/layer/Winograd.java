package io.gradlens.model.layer;

import io.gradlens.kernel.WinogradKernel;
import io.gradlens.kernel.WinogradPoints;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A 3x3 convolution of stride 1 by {@link WinogradKernel}: 3.2 times fewer multiplications than the
 * definition takes, and no larger rounding error than oneDNN's.
 *
 * <p>The output is cut into rows of 3x3 tiles. A few rows of tiles at a time, of one image or of
 * several, go through the three steps, so that what lies between the steps stays in the cache. A
 * row's result depends on nothing but its five rows of input: an image comes out with the same bits
 * wherever it stands in a batch. A NaN or infinity makes all nine outputs of its tile NaN. Where
 * there is no kernel, oneDNN convolves; the outputs differ by rounding then.
 *
 * <p>Immutable, shared by threads. Memory: the transformed kernel, 25/9 of the kernel, on the heap;
 * for each thread {@link #BLOCK} floats and some rows of its widest layer.
 */
final class Winograd {
  private static final WinogradKernel KERNEL = WinogradKernel.find().orElse(null);
  private static final int TILE = WinogradKernel.TILE;
  private static final int SPAN = WinogradKernel.SPAN;

  /** Tiles that go through the three steps together: 100 to 160 are equally fast, 50 are not. */
  private static final int TILES = 160;

  /** Most transformed inputs and products that are held at a time, in floats. */
  private static final int BLOCK = 1 << 22;

  /** Least channels in and out for which it pays. */
  private static final int CHANNELS = 48;

  /** Output channels that are computed at a time on the widest vectors. */
  private static final int PANEL = 64;

  /** Least share of what is computed that is not padding of tiles or channels. */
  private static final double USEFUL = 0.55;

  /** As many as calls have run at one time; not one a thread, for threads come and go. */
  private static final Deque<Buffers> BUFFERS = new ConcurrentLinkedDeque<>();

  private final int inputs;
  private final int outputs;
  private final int width;
  private final float[][] u;
  private final float[] bias;

  /**
   * @param kernel w, {@code [3,3,inputs,outputs]}
   * @param bias {@code [outputs]}, or null
   */
  Winograd(INDArray kernel, INDArray bias) {
    inputs = (int) kernel.size(2);
    outputs = (int) kernel.size(3);
    int panel = KERNEL.panel();
    width = multiple(outputs, panel);
    float[] w = NativeFloats.read(kernel.dup('c'));
    u = WinogradPoints.transform(w, inputs, outputs, panel);
    this.bias = bias == null ? new float[outputs] : NativeFloats.read(bias.dup('c'));
  }

  /**
   * True where this is faster than oneDNN. It goes by shape alone, so that neither the batch nor
   * the width of the vectors changes the result.
   *
   * @param rows of the output
   * @param columns of the output
   */
  static boolean pays(INDArray kernel, Window window, int rows, int columns) {
    return KERNEL != null
        && kernel.dataType() == DataType.FLOAT
        && Nd4j.getEnvironment().isCPU()
        && window.kernelH() == 3
        && window.kernelW() == 3
        && window.strideH() == 1
        && window.strideW() == 1
        && pays((int) kernel.size(2), (int) kernel.size(3), rows, columns);
  }

  private static boolean pays(int inputs, int outputs, int rows, int columns) {
    if (inputs % WinogradKernel.LANES != 0 || outputs % WinogradKernel.LANES != 0) {
      return false;
    }
    int tilesW = tiles(columns);
    int width = multiple(outputs, PANEL);
    double computed = (double) tiles(rows) * tilesW * TILE * TILE * width;
    return Math.min(inputs, outputs) >= CHANNELS
        && (double) rows * columns * outputs >= USEFUL * computed
        && (long) WinogradKernel.POINTS * tilesW * (inputs + width) <= BLOCK;
  }

  /**
   * @param x {@code [N,H,W,inputs]}
   * @param y overwritten, {@code [N,H',W',outputs]}
   */
  void convolve(INDArray x, Window window, INDArray y) {
    Buffers free = BUFFERS.poll();
    Buffers buffers = free == null ? new Buffers() : free;
    new Pass(x, window, y, buffers).run();
    BUFFERS.push(buffers);
  }

  /** One call. */
  private final class Pass {
    private final INDArray x;
    private final INDArray y;
    private final int images;
    private final int rows;
    private final int columns;
    private final int outRows;
    private final int outColumns;
    private final int top;
    private final int left;
    private final int tilesH;
    private final int tilesW;
    private final int block;
    private final int vStride;
    private final int mStride;
    private final int length;
    private final Buffers buffers;
    private FloatBuffer source;
    private int sourceImage = -1;

    Pass(INDArray x, Window window, INDArray y, Buffers buffers) {
      this.x = x;
      this.y = y;
      images = (int) x.size(0);
      rows = (int) x.size(1);
      columns = (int) x.size(2);
      outRows = (int) y.size(1);
      outColumns = (int) y.size(2);
      top = window.padTop(rows);
      left = window.padLeft(columns);
      tilesH = tiles(outRows);
      tilesW = tiles(outColumns);
      block = block(images * tilesH, tilesW);
      vStride = stride(multiple(block * tilesW, WinogradKernel.ROWS) * inputs);
      mStride = stride(multiple(block * tilesW, WinogradKernel.ROWS) * width);
      length = (TILE * tilesW + 2) * inputs;
      this.buffers = buffers;
      buffers.reserve(
          length,
          TILE * tilesW * outputs,
          WinogradKernel.POINTS * vStride,
          WinogradKernel.POINTS * mStride);
    }

    void run() {
      int stripes = images * tilesH;
      for (int first = 0; first < stripes; first += block) {
        int count = Math.min(block, stripes - first);
        int tiles = multiple(count * tilesW, WinogradKernel.ROWS);
        for (int s = 0; s < count; s++) {
          spread(first + s, s * tilesW, tiles);
        }
        for (int p = 0; p < WinogradKernel.POINTS; p++) {
          KERNEL.multiply(
              buffers.v, p * vStride, u[p], buffers.m, p * mStride, tiles, inputs, width);
        }
        for (int s = 0; s < count; s++) {
          merge(first + s, s * tilesW, tiles);
        }
      }
    }

    /** Transforms the input of a row of tiles; neighbours share two of their five rows. */
    private void spread(int stripe, int tile, int tiles) {
      int image = stripe / tilesH;
      int first = stripe % tilesH * TILE - top;
      if (image != sourceImage) {
        source =
            NativeFloats.buffer(x, (long) image * rows * columns * inputs, rows * columns * inputs);
        sourceImage = image;
        Arrays.fill(buffers.held, Integer.MIN_VALUE);
      }
      int[] at = new int[SPAN];
      for (int r = 0; r < SPAN; r++) {
        int slot = Math.floorMod(first + r, SPAN);
        at[r] = slot * length;
        if (buffers.held[slot] != first + r) {
          buffers.held[slot] = first + r;
          load(first + r, at[r]);
        }
      }
      KERNEL.spreadRows(buffers.rows, at, length, buffers.x);
      KERNEL.spreadColumns(buffers.x, tilesW, inputs, buffers.v, tile, tiles, vStride);
    }

    private void load(int row, int to) {
      if (row < 0 || row >= rows) {
        Arrays.fill(buffers.rows, to, to + length, 0);
        return;
      }
      int from = to + left * inputs;
      int size = columns * inputs;
      Arrays.fill(buffers.rows, to, from, 0);
      source.get(row * size, buffers.rows, from, size);
      Arrays.fill(buffers.rows, from + size, to + length, 0);
    }

    private void merge(int stripe, int tile, int tiles) {
      KERNEL.mergeColumns(buffers.m, mStride, tile, tiles, tilesW, outputs, buffers.z);
      KERNEL.mergeRows(buffers.z, tilesW, outputs, bias);
      int image = stripe / tilesH;
      int first = stripe % tilesH * TILE;
      int size = outColumns * outputs;
      for (int r = 0; r < Math.min(TILE, outRows - first); r++) {
        long to = ((long) image * outRows + first + r) * size;
        NativeFloats.buffer(y, to, size).put(0, buffers.z, r * TILE * tilesW * outputs, size);
      }
    }
  }

  private static int tiles(int length) {
    return (length + TILE - 1) / TILE;
  }

  private static int multiple(int count, int of) {
    return (count + of - 1) / of * of;
  }

  /** Rows of tiles in a block: alike in size, and without padding where that fits. */
  private int block(int stripes, int tilesW) {
    int tiles = Math.min(TILES, BLOCK / (WinogradKernel.POINTS * (inputs + width)));
    int most = Math.max(1, tiles / tilesW);
    int blocks = (stripes + most - 1) / most;
    int even = (stripes + blocks - 1) / blocks;
    for (int rows = even; rows <= most; rows++) {
      if (rows * tilesW % WinogradKernel.ROWS == 0) {
        return rows;
      }
    }
    return even;
  }

  /** Keeps the entries of a tile out of each other's cache sets, which repeat every 4096 bytes. */
  private static int stride(int floats) {
    return multiple(floats, 1024) + 16;
  }

  /** What one thread computes in: grows to its largest layer. */
  private static final class Buffers {
    private final int[] held = new int[SPAN];
    private float[] rows = {};
    private float[] x = {};
    private float[] z = {};
    private float[] v = {};
    private float[] m = {};

    void reserve(int inputRow, int outputRow, int transformed, int products) {
      rows = grown(rows, SPAN * inputRow);
      x = grown(x, SPAN * inputRow);
      z = grown(z, SPAN * outputRow);
      v = grown(v, transformed);
      m = grown(m, products);
    }

    private static float[] grown(float[] buffer, int size) {
      return buffer.length >= size ? buffer : new float[size];
    }
  }
}
