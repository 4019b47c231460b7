package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.FloatDivergenceField;
import io.gradlens.ode.field.FieldChecks.Sample;
import java.util.Arrays;
import java.util.Random;

/** What every field with quadratic forms must do besides {@link FieldChecks}. */
final class DivergenceChecks {
  private static final int LANES = 3;

  private DivergenceChecks() {}

  /** vᵀ(∂f/∂y)v with the Jacobian's rows from vector–Jacobian products of unit vectors. */
  static void quadraticFormMatchesTheJacobian(DivergenceField field, long seed, String what) {
    Random random = new Random(seed);
    Sample s = new Sample(field, LANES, random);
    double[] v = FieldChecks.uniform(random, s.y.length, -1, 1);
    double[] q = new double[LANES];
    Arrays.fill(q, Double.NaN);
    field.quadraticForm(s.t, s.y, v, q);
    double[] expected = new double[LANES];
    double[] size = new double[LANES];
    for (int i = 0; i < field.dim(); i++) {
      double[] unit = new double[s.y.length];
      Arrays.fill(unit, i * LANES, (i + 1) * LANES, 1);
      double[] row = new double[s.y.length];
      field.vjp(s.t, s.y, unit, row, null, new double[LANES]);
      for (int at = 0; at < row.length; at++) {
        double term = v[i * LANES + at % LANES] * row[at] * v[at];
        expected[at % LANES] += term;
        size[at % LANES] += Math.abs(term);
      }
    }
    for (int l = 0; l < LANES; l++) {
      assertThat(q[l])
          .as("%s, seed %d, lane %d", what, seed, l)
          .isCloseTo(expected[l], within(1e-11 * (1 + size[l])));
    }
  }

  /** c·q of a lane against its vector–Jacobian products, in y, θ and t. */
  static void vjpMatchesCentralDifferences(DivergenceField field, long seed, String what) {
    Random random = new Random(seed);
    Sample s = new Sample(field, LANES, random);
    double[] v = FieldChecks.uniform(random, s.y.length, -1, 1);
    double[] c = FieldChecks.uniform(random, LANES, -1, 1);
    field.quadraticFormVjp(s.t, s.y, v, c, s.gradY, s.gradTheta, s.gradT);
    for (int l = 0; l < LANES; l++) {
      int lane = l;
      String where = what + ", seed " + seed + ", lane " + l;
      for (int i = 0; i < field.dim(); i++) {
        int at = i * LANES + l;
        FieldChecks.assertSlope(
            x -> at(field, s, v, c, lane, s.y, at, x), s.y[at], s.gradY[at], where + ", y" + i);
      }
      FieldChecks.assertSlope(
          x -> at(field, s, v, c, lane, s.t, lane, x), s.t[l], s.gradT[l], where + ", t");
      double[] theta = field.theta();
      for (int p = 0; p < theta.length; p++) {
        int moved = p;
        FieldChecks.assertSlope(
            x -> {
              double[] other = theta.clone();
              other[moved] = x;
              field.setTheta(other);
              double[] value = at(field, s, v, c, lane, s.y, 0, s.y[0]);
              field.setTheta(theta);
              return value;
            },
            theta[p],
            s.gradTheta[p * LANES + l],
            where + ", parameter " + p);
      }
    }
  }

  private static double[] at(
      DivergenceField field,
      Sample s,
      double[] v,
      double[] c,
      int lane,
      double[] array,
      int at,
      double x) {
    double kept = array[at];
    array[at] = x;
    double[] q = new double[LANES];
    field.quadraticForm(s.t, s.y, v, q);
    array[at] = kept;
    return new double[] {c[lane] * q[lane], Math.abs(c[lane] * q[lane]) + 1};
  }

  /** Gradients are added, and θ's may be left out. */
  static void gradientsAreAdded(DivergenceField field, long seed) {
    Random random = new Random(seed);
    Sample s = new Sample(field, LANES, random);
    double[] v = FieldChecks.uniform(random, s.y.length, -1, 1);
    double[] c = FieldChecks.uniform(random, LANES, -1, 1);
    field.quadraticFormVjp(s.t, s.y, v, c, s.gradY, s.gradTheta, s.gradT);
    double[] gradY = new double[s.gradY.length];
    double[] gradT = new double[LANES];
    field.quadraticFormVjp(s.t, s.y, v, c, gradY, null, gradT);
    assertThat(gradY).isEqualTo(s.gradY);
    assertThat(gradT).isEqualTo(s.gradT);
    // Twice the same number is exact.
    double[] gradTheta = s.gradTheta.clone();
    field.quadraticFormVjp(s.t, s.y, v, c, gradY, gradTheta, gradT);
    assertThat(gradY).isEqualTo(twice(s.gradY));
    assertThat(gradTheta).isEqualTo(twice(s.gradTheta));
    assertThat(gradT).isEqualTo(twice(s.gradT));
  }

  private static double[] twice(double[] values) {
    return Arrays.stream(values).map(x -> 2 * x).toArray();
  }

  /** Single precision gives the same to 1e-5 of the largest number. */
  static void floatTwinAgrees(
      DivergenceField field, FloatDivergenceField twin, long seed, String what) {
    Random random = new Random(seed);
    Sample s = new Sample(field, LANES, random);
    double[] v = FieldChecks.uniform(random, s.y.length, -1, 1);
    double[] c = FieldChecks.uniform(random, LANES, -1, 1);
    double[] q = new double[LANES];
    field.quadraticForm(s.t, s.y, v, q);
    field.quadraticFormVjp(s.t, s.y, v, c, s.gradY, s.gradTheta, s.gradT);
    float[] y = FieldChecks.floats(s.y);
    float[] vs = FieldChecks.floats(v);
    float[] twinQ = new float[LANES];
    float[] gradY = new float[y.length];
    float[] gradTheta = new float[s.gradTheta.length];
    double[] gradT = new double[LANES];
    twin.quadraticForm(s.t, y, vs, twinQ);
    twin.quadraticFormVjp(s.t, y, vs, FieldChecks.floats(c), gradY, gradTheta, gradT);
    String where = what + ", seed " + seed;
    FieldChecks.assertClose(twinQ, q, where + ", q");
    FieldChecks.assertClose(gradY, s.gradY, where + ", y");
    FieldChecks.assertClose(gradTheta, s.gradTheta, where + ", parameters");
    FieldChecks.assertClose(FieldChecks.floats(gradT), s.gradT, where + ", t");
  }
}
