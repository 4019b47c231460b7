package io.gradlens.ode.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlowFieldTest {
  /** The trace is 2axy + b·cos(by). */
  private static final String FORMULAS = "dx = a*x^2*y + t; dy = sin(b*y) - x";

  private static final Map<String, Double> THETA = Map.of("a", 0.7, "b", 1.3);
  private static final int N = 3;
  private static final double[] T = {0.1, 0.2, 0.3};
  private static final double[] Z = {0.5, -1, 2, 1, 0.3, -0.4};

  private static DivergenceField field() {
    return ExpressionField.parse(FORMULAS, THETA);
  }

  private static double trace(int l) {
    return 2 * 0.7 * Z[l] * Z[N + l] + 1.3 * Math.cos(1.3 * Z[N + l]);
  }

  @Test
  void theExactTraceIsTheDivergence() {
    FlowField flow = FlowField.exact(field());
    double[] slopes = new double[3 * N];
    Arrays.fill(slopes, Double.NaN);
    flow.apply(T, Arrays.copyOf(Z, 3 * N), slopes);
    double[] f = new double[2 * N];
    field().apply(T, Z, f);
    assertThat(Arrays.copyOf(slopes, 2 * N)).containsExactly(f);
    for (int l = 0; l < N; l++) {
      assertThat(slopes[2 * N + l]).isCloseTo(-trace(l), within(1e-14));
    }
  }

  /**
   * The variance with signs is Σ_{i<j} (J_ij + J_ji)². The bound is at 5 standard deviations of the
   * mean: a false alarm in about 1.7 million tests.
   */
  @Test
  void theEstimateIsUnbiased() {
    FlowField flow = FlowField.estimated(field());
    int count = 20_000;
    for (Noise noise : Noise.values()) {
      double[] sums = new double[N];
      double[] squares = new double[N];
      for (int number = 0; number < count; number++) {
        double[] y = Arrays.copyOf(Z, 5 * N);
        for (int l = 0; l < N; l++) {
          double[] v = noise.vector(4, 3L * number + l, 2);
          y[2 * N + l] = v[0];
          y[3 * N + l] = v[1];
        }
        double[] slopes = new double[5 * N];
        flow.apply(T, y, slopes);
        for (int l = 0; l < N; l++) {
          sums[l] += slopes[4 * N + l];
          squares[l] += slopes[4 * N + l] * slopes[4 * N + l];
          assertThat(slopes[2 * N + l]).isZero();
          assertThat(slopes[3 * N + l]).isZero();
        }
      }
      for (int l = 0; l < N; l++) {
        double mean = sums[l] / count;
        double variance = squares[l] / count - mean * mean;
        assertThat(mean)
            .as("%s, lane %d", noise, l)
            .isCloseTo(-trace(l), within(5 * Math.sqrt(variance / count)));
        if (noise == Noise.RADEMACHER) {
          double expected = Math.pow(0.7 * Z[l] * Z[l] - 1, 2);
          assertThat(variance).as("lane %d", l).isCloseTo(expected, within(0.05 * expected));
        }
      }
    }
  }

  @Test
  void theLastComponentIsNotRead() {
    for (FlowField flow :
        new FlowField[] {FlowField.exact(field()), FlowField.estimated(field())}) {
      assertThat(flow.quadratures()).isEqualTo(1);
      double[] y = new double[flow.dim() * N];
      System.arraycopy(Z, 0, y, 0, Z.length);
      double[] slopes = new double[y.length];
      flow.apply(T, y, slopes);
      double[] blind = new double[y.length];
      Arrays.fill(y, y.length - N, y.length, Double.NaN);
      flow.apply(T, y, blind);
      assertThat(blind).containsExactly(slopes);
    }
  }

  @Test
  void aLaneDoesNotDependOnItsNeighbours() {
    FlowField flow = FlowField.estimated(field());
    double[] y = new double[5 * N];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.sin(i);
    }
    double[] all = new double[y.length];
    flow.apply(T, y, all);
    for (int l = 0; l < N; l++) {
      double[] one = new double[5];
      double[] out = new double[5];
      for (int i = 0; i < 5; i++) {
        one[i] = y[i * N + l];
      }
      flow.apply(new double[] {T[l]}, one, out);
      for (int i = 0; i < 5; i++) {
        assertThat(out[i]).isEqualTo(all[i * N + l]);
      }
    }
  }

  @Test
  void gradientsAreAddedAndNoiseHasNone() {
    FlowField flow = FlowField.estimated(field());
    double[] y = new double[5 * N];
    double[] a = new double[5 * N];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.sin(i);
      a[i] = Math.cos(i);
    }
    double[] gradY = new double[y.length];
    double[] gradTheta = new double[2 * N];
    double[] gradT = new double[N];
    flow.vjp(T, y, a, gradY, gradTheta, gradT);
    assertThat(Arrays.copyOfRange(gradY, 2 * N, 5 * N)).containsOnly(0);
    double[] onlyY = new double[y.length];
    flow.vjp(T, y, a, onlyY, null, new double[N]);
    assertThat(onlyY).containsExactly(gradY);
    double[] twice = gradTheta.clone();
    flow.vjp(T, y, a, onlyY, twice, gradT);
    for (int i = 0; i < y.length; i++) {
      assertThat(onlyY[i]).isEqualTo(2 * gradY[i]);
    }
    for (int i = 0; i < twice.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * gradTheta[i], within(1e-14));
    }
  }

  @Test
  void singlePrecisionAgrees() {
    FloatFlowField twin = FloatFlowField.exact(FloatExpressionField.parse(FORMULAS, THETA));
    float[] y = new float[3 * N];
    for (int i = 0; i < Z.length; i++) {
      y[i] = (float) Z[i];
    }
    float[] slopes = new float[3 * N];
    twin.apply(T, y, slopes);
    for (int l = 0; l < N; l++) {
      assertThat((double) slopes[2 * N + l]).isCloseTo(-trace(l), within(2e-6));
    }
  }
}
