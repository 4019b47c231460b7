package io.gradlens.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of a matrix product: 6 rows times four vectors where there are 32 vector registers
 * (24 sums), two vectors where there are 16 (12 sums).
 */
final class VectorProduct {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > WinogradKernel.LANES
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final int L = SPECIES.length();
  private static final boolean WIDE = L == WinogradKernel.LANES;

  /** Columns of a block. */
  static final int PANEL = WIDE ? 4 * L : 2 * L;

  private VectorProduct() {}

  /**
   * Computes m = v·u for 6 rows and {@link #PANEL} columns.
   *
   * <p>It does not add to m, because C2 gives up inlining in a method with that much in it
   * (NodeCountInliningCutoff) and then keeps no sum in a register: 0.6 times the speed.
   *
   * @param v {@code [6, chunk]} from {@code vAt} on
   * @param u {@code [chunk, PANEL]} from {@code uAt} on
   * @param m overwritten, {@code [6, PANEL]} from {@code mAt} on
   */
  static void block(float[] v, int vAt, float[] u, int uAt, int chunk, float[] m, int mAt) {
    if (WIDE) {
      four(v, vAt, u, uAt, chunk, m, mAt);
    } else {
      two(v, vAt, u, uAt, chunk, m, mAt);
    }
  }

  private static void four(float[] v, int vAt, float[] u, int uAt, int chunk, float[] m, int mAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector m00 = zero;
    FloatVector m01 = zero;
    FloatVector m02 = zero;
    FloatVector m03 = zero;
    FloatVector m10 = zero;
    FloatVector m11 = zero;
    FloatVector m12 = zero;
    FloatVector m13 = zero;
    FloatVector m20 = zero;
    FloatVector m21 = zero;
    FloatVector m22 = zero;
    FloatVector m23 = zero;
    FloatVector m30 = zero;
    FloatVector m31 = zero;
    FloatVector m32 = zero;
    FloatVector m33 = zero;
    FloatVector m40 = zero;
    FloatVector m41 = zero;
    FloatVector m42 = zero;
    FloatVector m43 = zero;
    FloatVector m50 = zero;
    FloatVector m51 = zero;
    FloatVector m52 = zero;
    FloatVector m53 = zero;
    int v1 = vAt + chunk;
    int v2 = vAt + 2 * chunk;
    int v3 = vAt + 3 * chunk;
    int v4 = vAt + 4 * chunk;
    int v5 = vAt + 5 * chunk;
    for (int k = 0; k < chunk; k++) {
      int at = uAt + k * 4 * L;
      FloatVector u0 = FloatVector.fromArray(SPECIES, u, at);
      FloatVector u1 = FloatVector.fromArray(SPECIES, u, at + L);
      FloatVector u2 = FloatVector.fromArray(SPECIES, u, at + 2 * L);
      FloatVector u3 = FloatVector.fromArray(SPECIES, u, at + 3 * L);
      FloatVector x = FloatVector.broadcast(SPECIES, v[vAt + k]);
      m00 = x.fma(u0, m00);
      m01 = x.fma(u1, m01);
      m02 = x.fma(u2, m02);
      m03 = x.fma(u3, m03);
      x = FloatVector.broadcast(SPECIES, v[v1 + k]);
      m10 = x.fma(u0, m10);
      m11 = x.fma(u1, m11);
      m12 = x.fma(u2, m12);
      m13 = x.fma(u3, m13);
      x = FloatVector.broadcast(SPECIES, v[v2 + k]);
      m20 = x.fma(u0, m20);
      m21 = x.fma(u1, m21);
      m22 = x.fma(u2, m22);
      m23 = x.fma(u3, m23);
      x = FloatVector.broadcast(SPECIES, v[v3 + k]);
      m30 = x.fma(u0, m30);
      m31 = x.fma(u1, m31);
      m32 = x.fma(u2, m32);
      m33 = x.fma(u3, m33);
      x = FloatVector.broadcast(SPECIES, v[v4 + k]);
      m40 = x.fma(u0, m40);
      m41 = x.fma(u1, m41);
      m42 = x.fma(u2, m42);
      m43 = x.fma(u3, m43);
      x = FloatVector.broadcast(SPECIES, v[v5 + k]);
      m50 = x.fma(u0, m50);
      m51 = x.fma(u1, m51);
      m52 = x.fma(u2, m52);
      m53 = x.fma(u3, m53);
    }
    m00.intoArray(m, mAt);
    m01.intoArray(m, mAt + L);
    m02.intoArray(m, mAt + 2 * L);
    m03.intoArray(m, mAt + 3 * L);
    m10.intoArray(m, mAt + 4 * L);
    m11.intoArray(m, mAt + 5 * L);
    m12.intoArray(m, mAt + 6 * L);
    m13.intoArray(m, mAt + 7 * L);
    m20.intoArray(m, mAt + 8 * L);
    m21.intoArray(m, mAt + 9 * L);
    m22.intoArray(m, mAt + 10 * L);
    m23.intoArray(m, mAt + 11 * L);
    m30.intoArray(m, mAt + 12 * L);
    m31.intoArray(m, mAt + 13 * L);
    m32.intoArray(m, mAt + 14 * L);
    m33.intoArray(m, mAt + 15 * L);
    m40.intoArray(m, mAt + 16 * L);
    m41.intoArray(m, mAt + 17 * L);
    m42.intoArray(m, mAt + 18 * L);
    m43.intoArray(m, mAt + 19 * L);
    m50.intoArray(m, mAt + 20 * L);
    m51.intoArray(m, mAt + 21 * L);
    m52.intoArray(m, mAt + 22 * L);
    m53.intoArray(m, mAt + 23 * L);
  }

  private static void two(float[] v, int vAt, float[] u, int uAt, int chunk, float[] m, int mAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector m00 = zero;
    FloatVector m01 = zero;
    FloatVector m10 = zero;
    FloatVector m11 = zero;
    FloatVector m20 = zero;
    FloatVector m21 = zero;
    FloatVector m30 = zero;
    FloatVector m31 = zero;
    FloatVector m40 = zero;
    FloatVector m41 = zero;
    FloatVector m50 = zero;
    FloatVector m51 = zero;
    int v1 = vAt + chunk;
    int v2 = vAt + 2 * chunk;
    int v3 = vAt + 3 * chunk;
    int v4 = vAt + 4 * chunk;
    int v5 = vAt + 5 * chunk;
    for (int k = 0; k < chunk; k++) {
      int at = uAt + k * 2 * L;
      FloatVector u0 = FloatVector.fromArray(SPECIES, u, at);
      FloatVector u1 = FloatVector.fromArray(SPECIES, u, at + L);
      FloatVector x = FloatVector.broadcast(SPECIES, v[vAt + k]);
      m00 = x.fma(u0, m00);
      m01 = x.fma(u1, m01);
      x = FloatVector.broadcast(SPECIES, v[v1 + k]);
      m10 = x.fma(u0, m10);
      m11 = x.fma(u1, m11);
      x = FloatVector.broadcast(SPECIES, v[v2 + k]);
      m20 = x.fma(u0, m20);
      m21 = x.fma(u1, m21);
      x = FloatVector.broadcast(SPECIES, v[v3 + k]);
      m30 = x.fma(u0, m30);
      m31 = x.fma(u1, m31);
      x = FloatVector.broadcast(SPECIES, v[v4 + k]);
      m40 = x.fma(u0, m40);
      m41 = x.fma(u1, m41);
      x = FloatVector.broadcast(SPECIES, v[v5 + k]);
      m50 = x.fma(u0, m50);
      m51 = x.fma(u1, m51);
    }
    m00.intoArray(m, mAt);
    m01.intoArray(m, mAt + L);
    m10.intoArray(m, mAt + 2 * L);
    m11.intoArray(m, mAt + 3 * L);
    m20.intoArray(m, mAt + 4 * L);
    m21.intoArray(m, mAt + 5 * L);
    m30.intoArray(m, mAt + 6 * L);
    m31.intoArray(m, mAt + 7 * L);
    m40.intoArray(m, mAt + 8 * L);
    m41.intoArray(m, mAt + 9 * L);
    m50.intoArray(m, mAt + 10 * L);
    m51.intoArray(m, mAt + 11 * L);
  }
}
