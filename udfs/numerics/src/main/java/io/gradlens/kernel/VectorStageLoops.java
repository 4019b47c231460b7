package io.gradlens.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The sums a vector at a time. */
@Real
final class VectorStageLoops implements StageLoops {
  private static final VectorSpecies<@Real Double> SPECIES = AffineTiles.SPECIES;
  private static final int L = SPECIES.length();

  @Override
  public void add1(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add2(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      first
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add3(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      first =
          DoubleVector.fromArray(SPECIES, k2, i).fma(DoubleVector.broadcast(SPECIES, c2), first);
      first
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add4(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      DoubleVector second = DoubleVector.fromArray(SPECIES, k2, i).mul(c2);
      second =
          DoubleVector.fromArray(SPECIES, k3, i).fma(DoubleVector.broadcast(SPECIES, c3), second);
      first
          .add(second)
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add5(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      first =
          DoubleVector.fromArray(SPECIES, k2, i).fma(DoubleVector.broadcast(SPECIES, c2), first);
      DoubleVector second = DoubleVector.fromArray(SPECIES, k3, i).mul(c3);
      second =
          DoubleVector.fromArray(SPECIES, k4, i).fma(DoubleVector.broadcast(SPECIES, c4), second);
      first
          .add(second)
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add6(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      @Real double[] k5,
      @Real double c5,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      first =
          DoubleVector.fromArray(SPECIES, k2, i).fma(DoubleVector.broadcast(SPECIES, c2), first);
      DoubleVector second = DoubleVector.fromArray(SPECIES, k3, i).mul(c3);
      second =
          DoubleVector.fromArray(SPECIES, k4, i).fma(DoubleVector.broadcast(SPECIES, c4), second);
      second =
          DoubleVector.fromArray(SPECIES, k5, i).fma(DoubleVector.broadcast(SPECIES, c5), second);
      first
          .add(second)
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void add7(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      @Real double[] k5,
      @Real double c5,
      @Real double[] k6,
      @Real double c6,
      int n) {
    for (int i = 0; i < n; i += L) {
      DoubleVector first = DoubleVector.fromArray(SPECIES, k0, i).mul(c0);
      first =
          DoubleVector.fromArray(SPECIES, k1, i).fma(DoubleVector.broadcast(SPECIES, c1), first);
      first =
          DoubleVector.fromArray(SPECIES, k2, i).fma(DoubleVector.broadcast(SPECIES, c2), first);
      first =
          DoubleVector.fromArray(SPECIES, k3, i).fma(DoubleVector.broadcast(SPECIES, c3), first);
      DoubleVector second = DoubleVector.fromArray(SPECIES, k4, i).mul(c4);
      second =
          DoubleVector.fromArray(SPECIES, k5, i).fma(DoubleVector.broadcast(SPECIES, c5), second);
      second =
          DoubleVector.fromArray(SPECIES, k6, i).fma(DoubleVector.broadcast(SPECIES, c6), second);
      first
          .add(second)
          .fma(DoubleVector.fromArray(SPECIES, h, i), DoubleVector.fromArray(SPECIES, y, i))
          .intoArray(out, i);
    }
  }
}
