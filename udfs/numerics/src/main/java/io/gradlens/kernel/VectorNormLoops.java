package io.gradlens.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops a vector at a time, and what is left number by number. */
@Real
final class VectorNormLoops implements NormLoops {
  private static final VectorSpecies<@Real Double> SPECIES = AffineTiles.SPECIES;
  private static final int L = SPECIES.length();

  @Override
  public void squares(
      @Real double[] x,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    int i = 0;
    for (; i <= length - L; i += L) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, x, from + i);
      DoubleVector away = value.sub(DoubleVector.fromArray(SPECIES, middle, i));
      DoubleVector.fromArray(SPECIES, sum, i).add(value).intoArray(sum, i);
      away.fma(away, DoubleVector.fromArray(SPECIES, sum2, i)).intoArray(sum2, i);
    }
    PlainNormLoops.squares(x, from, i, length, middle, sum, sum2);
  }

  @Override
  public void products(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    int i = 0;
    for (; i <= length - L; i += L) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, g, from + i);
      DoubleVector away =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .sub(DoubleVector.fromArray(SPECIES, middle, i));
      DoubleVector.fromArray(SPECIES, sum, i).add(value).intoArray(sum, i);
      value.fma(away, DoubleVector.fromArray(SPECIES, sum2, i)).intoArray(sum2, i);
    }
    PlainNormLoops.products(x, g, from, i, length, middle, sum, sum2);
  }

  @Override
  public void scale(
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    int i = 0;
    for (; i <= length - L; i += L) {
      DoubleVector.fromArray(SPECIES, a, i)
          .fma(DoubleVector.fromArray(SPECIES, x, from + i), DoubleVector.fromArray(SPECIES, b, i))
          .max(floor)
          .intoArray(x, from + i);
    }
    PlainNormLoops.scale(x, from, i, length, a, b, floor);
  }

  @Override
  public void mask(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    int i = 0;
    for (; i <= length - L; i += L) {
      DoubleVector y =
          DoubleVector.fromArray(SPECIES, a, i)
              .fma(
                  DoubleVector.fromArray(SPECIES, x, from + i),
                  DoubleVector.fromArray(SPECIES, b, i));
      DoubleVector.zero(SPECIES)
          .blend(DoubleVector.fromArray(SPECIES, g, from + i), y.compare(VectorOperators.GT, floor))
          .intoArray(g, from + i);
    }
    PlainNormLoops.mask(x, g, from, i, length, a, b, floor);
  }

  @Override
  public void combine(
      @Real double[] g,
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double[] c) {
    int i = 0;
    for (; i <= length - L; i += L) {
      DoubleVector moved =
          DoubleVector.fromArray(SPECIES, b, i)
              .fma(
                  DoubleVector.fromArray(SPECIES, x, from + i),
                  DoubleVector.fromArray(SPECIES, c, i));
      DoubleVector.fromArray(SPECIES, a, i)
          .fma(DoubleVector.fromArray(SPECIES, g, from + i), moved)
          .intoArray(g, from + i);
    }
    PlainNormLoops.combine(g, x, from, i, length, a, b, c);
  }
}
