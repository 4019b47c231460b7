package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import java.util.Arrays;
import java.util.Random;

/** What every differentiable field must do, at random states in [0.5, 1.5] and times in [0, 1]. */
final class FieldChecks {
  private static final int LANES = 3;

  private FieldChecks() {}

  /** Numbers for n lanes of a field, with ones to be added to. */
  static final class Sample {
    final int n;
    final double[] t;
    final double[] y;
    final double[] cotangent;
    final double[] gradY;
    final double[] gradTheta;
    final double[] gradT;

    Sample(DifferentiableField field, int n, Random random) {
      this.n = n;
      t = uniform(random, n, 0, 1);
      y = uniform(random, field.dim() * n, 0.5, 1.5);
      cotangent = uniform(random, field.dim() * n, -1, 1);
      gradY = new double[y.length];
      gradTheta = new double[field.params() * n];
      gradT = new double[n];
    }
  }

  static double[] uniform(Random random, int count, double low, double high) {
    return random.doubles(count, low, high).toArray();
  }

  /** aᵀf of a lane against the vector–Jacobian products, in y, θ and t. */
  static void vjpMatchesCentralDifferences(DifferentiableField field, long seed, String what) {
    Sample s = new Sample(field, LANES, new Random(seed));
    field.vjp(s.t, s.y, s.cotangent, s.gradY, s.gradTheta, s.gradT);
    for (int l = 0; l < s.n; l++) {
      int lane = l;
      String where = what + ", seed " + seed + ", lane " + l;
      for (int i = 0; i < field.dim(); i++) {
        int at = i * s.n + l;
        assertSlope(
            x -> weighted(field, s, lane, s.y, at, x), s.y[at], s.gradY[at], where + ", y" + i);
      }
      assertSlope(x -> weighted(field, s, lane, s.t, lane, x), s.t[l], s.gradT[l], where + ", t");
      double[] theta = field.theta();
      for (int p = 0; p < field.params(); p++) {
        int at = p;
        assertSlope(
            x -> {
              double[] moved = theta.clone();
              moved[at] = x;
              field.setTheta(moved);
              double[] sums = weighted(field, s, lane, s.y, 0, s.y[0]);
              field.setTheta(theta);
              return sums;
            },
            theta[p],
            s.gradTheta[p * s.n + l],
            where + ", parameter " + p);
      }
    }
  }

  /** A function with the sum of its terms' sizes, which rounding is proportional to. */
  interface Terms {
    double[] at(double x);
  }

  /**
   * Central differences over five points: their error is h⁴/30 times the fifth derivative, which
   * the tolerance leaves room for where a function is steep.
   */
  static void assertSlope(Terms f, double x, double actual, String where) {
    double size = Math.max(Math.abs(x), 0.1);
    double h = 3e-4 * size;
    double[] far = f.at(x + 2 * h);
    double expected =
        (f.at(x - 2 * h)[0] - 8 * f.at(x - h)[0] + 8 * f.at(x + h)[0] - far[0]) / (12 * h);
    assertThat(actual)
        .as(where)
        .isCloseTo(expected, within(1e-9 * Math.abs(expected) + 1e-10 * far[1] / size));
  }

  private static double[] weighted(
      DifferentiableField field, Sample s, int lane, double[] array, int at, double x) {
    double kept = array[at];
    array[at] = x;
    double[] slope = new double[s.y.length];
    field.apply(s.t, s.y, slope);
    array[at] = kept;
    double[] sums = new double[2];
    for (int i = 0; i < field.dim(); i++) {
      double term = s.cotangent[i * s.n + lane] * slope[i * s.n + lane];
      sums[0] += term;
      sums[1] += Math.abs(term);
    }
    return sums;
  }

  /** The same lane in batches of many sizes, bit for bit. */
  static void aLaneDoesNotDependOnItsNeighbours(DifferentiableField field, long seed, String what) {
    int most = 300;
    Sample all = new Sample(field, most, new Random(seed));
    double[] slopes = evaluate(field, all);
    for (int n : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 63, 64, 65, 128, 129, 257}) {
      Sample part = new Sample(field, n, new Random(seed));
      System.arraycopy(all.t, most - n, part.t, 0, n);
      copyLanes(all.y, part.y, most, n);
      copyLanes(all.cotangent, part.cotangent, most, n);
      double[] partSlopes = evaluate(field, part);
      String where = what + ", seed " + seed + ", lanes " + n;
      assertLanes(partSlopes, slopes, n, most, where);
      assertLanes(part.gradY, all.gradY, n, most, where);
      assertLanes(part.gradTheta, all.gradTheta, n, most, where);
      assertLanes(part.gradT, all.gradT, n, most, where);
    }
  }

  private static double[] evaluate(DifferentiableField field, Sample s) {
    double[] slopes = new double[s.y.length];
    field.apply(s.t, s.y, slopes);
    field.vjp(s.t, s.y, s.cotangent, s.gradY, s.gradTheta, s.gradT);
    return slopes;
  }

  private static void copyLanes(double[] from, double[] to, int most, int n) {
    for (int i = 0; i < to.length / n; i++) {
      System.arraycopy(from, i * most + most - n, to, i * n, n);
    }
  }

  private static void assertLanes(double[] part, double[] all, int n, int most, String where) {
    for (int at = 0; at < part.length; at++) {
      assertThat(part[at]).as(where).isEqualTo(all[at / n * most + most - n + at % n]);
    }
  }

  /** Slopes overwrite, gradients are added, inputs are only read, θ's gradient may be left out. */
  static void gradientsAreAddedAndInputsOnlyRead(DifferentiableField field, long seed) {
    Sample s = new Sample(field, LANES, new Random(seed));
    Sample before = new Sample(field, LANES, new Random(seed));
    double[] slopes = evaluate(field, s);
    double[] again = new double[slopes.length];
    Arrays.fill(again, Double.NaN);
    field.apply(s.t, s.y, again);
    assertThat(again).isEqualTo(slopes);

    Sample added = new Sample(field, LANES, new Random(seed));
    Arrays.fill(added.gradY, 1000);
    Arrays.fill(added.gradTheta, 1000);
    Arrays.fill(added.gradT, 1000);
    evaluate(field, added);
    assertAdded(added.gradY, s.gradY);
    assertAdded(added.gradTheta, s.gradTheta);
    assertAdded(added.gradT, s.gradT);

    double[] gradY = new double[s.gradY.length];
    double[] gradT = new double[s.gradT.length];
    field.vjp(s.t, s.y, s.cotangent, gradY, null, gradT);
    assertThat(gradY).isEqualTo(s.gradY);
    assertThat(gradT).isEqualTo(s.gradT);

    assertThat(s.t).isEqualTo(before.t);
    assertThat(s.y).isEqualTo(before.y);
    assertThat(s.cotangent).isEqualTo(before.cotangent);
  }

  private static void assertAdded(double[] sums, double[] terms) {
    for (int i = 0; i < terms.length; i++) {
      double size = 1000 + Math.abs(terms[i]);
      assertThat(sums[i] - 1000).as("element %d", i).isCloseTo(terms[i], within(1e-14 * size));
    }
  }

  /** The components that count as quadratures are not read. */
  static void quadraturesAreNotRead(DifferentiableField field, long seed) {
    Sample s = new Sample(field, LANES, new Random(seed));
    double[] slopes = evaluate(field, s);
    Sample blind = new Sample(field, LANES, new Random(seed));
    int read = (field.dim() - field.quadratures()) * LANES;
    Arrays.fill(blind.y, read, blind.y.length, Double.NaN);
    assertThat(evaluate(field, blind)).isEqualTo(slopes);
    assertThat(blind.gradY).isEqualTo(s.gradY);
    assertThat(blind.gradTheta).isEqualTo(s.gradTheta);
  }

  /** Single precision gives the same to 1e-5 of the largest number. */
  static void floatTwinAgrees(
      DifferentiableField field, FloatDifferentiableField twin, long seed, String what) {
    Sample s = new Sample(field, LANES, new Random(seed));
    double[] slopes = evaluate(field, s);
    float[] y = floats(s.y);
    float[] twinSlopes = new float[y.length];
    float[] gradY = new float[y.length];
    float[] gradTheta = new float[s.gradTheta.length];
    double[] gradT = new double[s.n];
    twin.apply(s.t, y, twinSlopes);
    twin.vjp(s.t, y, floats(s.cotangent), gradY, gradTheta, gradT);
    String where = what + ", seed " + seed;
    assertClose(twinSlopes, slopes, where + ", slopes");
    assertClose(gradY, s.gradY, where + ", y");
    assertClose(gradTheta, s.gradTheta, where + ", parameters");
    assertClose(floats(gradT), s.gradT, where + ", t");
  }

  static void assertClose(float[] actual, double[] expected, String where) {
    double max = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as(where).isCloseTo(expected[i], within(1e-5 * max));
    }
  }

  static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
