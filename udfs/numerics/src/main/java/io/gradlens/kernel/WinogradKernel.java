package io.gradlens.kernel;

import java.util.Optional;

/**
 * The steps of a 3x3 convolution by Winograd's minimal filtering F(3x3, 3x3): 25 multiplications
 * for 9 outputs, where the definition takes 81.
 *
 * <p>Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for a tile d of 5x5 inputs, kernel g, outputs Y of 3x3; ⊙ summed
 * over input channels is one matrix product for each of the 25 entries. With the interpolation
 * points p = ±3/8, ±5/4 and ∞, a row of Bᵀ holds the coefficients of ∏(x−q) over the other points
 * q, a row of G is (1, p, p²)/∏(p−q), and Aᵀ[i] = pⁱ.
 *
 * <p>The variance of an output's rounding error grows along each axis with Σₚ A²·‖B‖²·‖G‖²: at most
 * 2.5 times a direct convolution's here, 8.1 times with the usual points 0, ±1, 2, ∞ and 1.5 times
 * in F(2x2, 3x3). Sums over channels are therefore cut into chunks of {@link #CHUNK} that are added
 * up by themselves: that takes away more than the transforms bring. Relative to the outputs' root
 * mean square, with 512 channels, the largest error is 1.9e-6; in one sum it is 6e-6, and oneDNN's
 * direct convolution has 3.7e-6.
 *
 * <p>Channels are the SIMD dimension, so counts of channels must be multiples of {@link #LANES}.
 * Every output is a fixed sequence of fused operations on its own inputs: it depends neither on the
 * width of the vectors nor on where a tile stands.
 *
 * <p>Source: Lavin and Gray, Fast algorithms for convolutional neural networks, 2016. Points:
 * search over multiples of 1/8, in the manner of Barabasz et al., Error analysis and improving the
 * accuracy of Winograd convolution for deep neural networks, 2020.
 */
public interface WinogradKernel {
  /** Outputs of a tile along one axis. */
  int TILE = 3;

  /** Inputs of a tile along one axis. */
  int SPAN = 5;

  /** Entries of a transformed tile. */
  int POINTS = SPAN * SPAN;

  /** Numbers of channels must be multiples of this. */
  int LANES = 16;

  /** Tiles that {@link #multiply} takes must come in multiples of this. */
  int ROWS = 6;

  /** Input channels whose products are added up before they join the sum of earlier ones. */
  int CHUNK = 64;

  /**
   * The kernel of this JVM: none without {@code --add-modules jdk.incubator.vector} or with vectors
   * of under 8 floats, because plain loops are slower than a direct convolution.
   */
  static Optional<WinogradKernel> find() {
    boolean isModuleThere = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return isModuleThere && VectorWinograd.isWide()
        ? Optional.of(new VectorWinograd())
        : Optional.empty();
  }

  /** Output channels that {@link #multiply} computes side by side: a multiple of {@link #LANES}. */
  int panel();

  /**
   * Bᵀd: combines {@value #SPAN} rows of the input, element by element.
   *
   * @param rows holds the five rows
   * @param at where each of them begins
   * @param length of a row: a multiple of {@link #LANES}
   * @param x overwritten: five rows, one every {@code length} elements
   */
  void spreadRows(float[] rows, int[] at, int length, float[] x);

  /**
   * (Bᵀd)B for a row of tiles, three columns apart.
   *
   * <p>V holds, for each of the 25 entries, chunks of {@link #CHUNK} channels (the last may be
   * shorter), each {@code [block, chunk]}: what a product reads at a time is contiguous.
   *
   * @param x what {@link #spreadRows} gave; a row has 3·tiles+2 columns of {@code channels}
   * @param v overwritten where the tiles stand
   * @param first the first tile's place in the block
   * @param block tiles in the block
   * @param stride from one of the 25 entries to the next
   */
  void spreadColumns(
      float[] x, int tiles, int channels, float[] v, int first, int block, int stride);

  /**
   * One of the 25 matrix products, M = V·U.
   *
   * @param v one entry, as {@link #spreadColumns} lays it out, from {@code vAt} on
   * @param u {@code [outputs/panel, inputs, panel]}
   * @param m {@code [outputs/panel, block, panel]} from {@code mAt} on, overwritten
   * @param block tiles: a multiple of {@link #ROWS}
   * @param outputs a multiple of {@link #panel}
   */
  void multiply(
      float[] v, int vAt, float[] u, float[] m, int mAt, int block, int inputs, int outputs);

  /**
   * M·A for a row of tiles.
   *
   * @param m what {@link #multiply} gave, one entry every {@code stride}
   * @param first the first tile's place in the block
   * @param block tiles in the block
   * @param channels that are computed
   * @param z overwritten: five rows of 3·tiles columns of {@code channels}
   */
  void mergeColumns(
      float[] m, int stride, int first, int block, int tiles, int channels, float[] z);

  /**
   * Aᵀ(M·A) + bias: combines five rows into three, which begin where the first three began.
   *
   * @param z what {@link #mergeColumns} gave
   * @param bias one a channel
   */
  void mergeRows(float[] z, int tiles, int channels, float[] bias);
}
