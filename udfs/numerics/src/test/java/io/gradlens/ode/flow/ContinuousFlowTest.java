package io.gradlens.ode.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.Cost;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.GradientCheck;
import io.gradlens.ode.adjoint.GradientDifference;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.RunningCost;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContinuousFlowTest {
  private static final String CURVED =
      "dx = tanh(a*y) - 0.3*x*cos(t); dy = b*sin(x) + 0.2*tanh(y - c*x)";
  private static final Map<String, Double> THETA = Map.of("a", 1.2, "b", 0.9, "c", 0.7);
  private static final double[] POINTS = {0.3, -0.8, 1.5, 0.4, -2, 1, 0, 0};

  private static OdeSolve solve(String method, double rtol) {
    return OdeSolve.with(Tableaus.named(method), StepSizeController.adaptive(rtol, rtol / 100));
  }

  private static DivergenceField curved() {
    return ExpressionField.parse(CURVED, THETA);
  }

  private static ContinuousFlow flow(double rtol) {
    return ContinuousFlow.exact(curved(), 0, 1.5, solve("dopri5", rtol));
  }

  /**
   * dx = px + qy, dy = −qx + ry with p = r turns by qT and stretches by exp(pT): the density stays
   * normal, with the variance exp(2pT).
   */
  @Test
  void aLinearFieldGivesANormalDensity() {
    DivergenceField field =
        ExpressionField.parse("dx = p*x + q*y; dy = -q*x + p*y", Map.of("p", 0.4, "q", 2.0));
    ContinuousFlow flow = ContinuousFlow.exact(field, 0.5, 2, solve("dopri5", 1e-10));
    double[] logs = flow.logDensities(POINTS);
    double variance = Math.exp(2 * 0.4 * 1.5);
    for (int i = 0; i < logs.length; i++) {
      double square = Math.pow(POINTS[2 * i], 2) + Math.pow(POINTS[2 * i + 1], 2);
      double expected = -square / (2 * variance) - Math.log(2 * Math.PI * variance);
      assertThat(logs[i]).as("point %d", i).isCloseTo(expected, within(1e-8));
    }
  }

  /**
   * A shear whose trace depends on time: dx = s·y, dy = t·y. Then y = y₀ e^(t²/2), and x is normal
   * for every y.
   */
  @Test
  void aShearGivesACorrelatedNormalDensity() {
    DivergenceField field = ExpressionField.parse("dx = s*y; dy = t*y", Map.of("s", 0.8));
    ContinuousFlow flow = ContinuousFlow.exact(field, 0, 1, solve("dopri5", 1e-10));
    // The integral of exp(t²/2) from 0 to 1, by its series.
    double integral = 0;
    double term = 1;
    for (int k = 0; k < 25; k++) {
      integral += term / (2 * k + 1);
      term /= 2 * (k + 1);
    }
    double[] logs = flow.logDensities(POINTS);
    for (int i = 0; i < logs.length; i++) {
      double y0 = POINTS[2 * i + 1] * Math.exp(-0.5);
      double x0 = POINTS[2 * i] - 0.8 * integral * y0;
      double expected = -(x0 * x0 + y0 * y0) / 2 - Math.log(2 * Math.PI) - 0.5;
      assertThat(logs[i]).as("point %d", i).isCloseTo(expected, within(1e-8));
    }
  }

  @Test
  void aCurvedDensityIntegratesToOne() {
    int side = 141;
    double h = 0.1;
    double[] grid = new double[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      grid[2 * i] = (i % side - side / 2) * h;
      grid[2 * i + 1] = (i / side - side / 2) * h;
    }
    double sum = 0;
    for (double log : flow(1e-8).logDensities(grid)) {
      sum += Math.exp(log) * h * h;
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void samplesKnowTheirDensity() {
    ContinuousFlow flow = flow(1e-9);
    FlowSamples samples = flow.samples(50, 3);
    double[] logs = flow.logDensities(samples.points());
    for (int i = 0; i < 50; i++) {
      assertThat(samples.logDensities()[i]).isCloseTo(logs[i], within(1e-7));
    }
    FlowSamples fewer = flow.samples(7, 3);
    assertThat(fewer.points()).containsExactly(Arrays.copyOf(samples.points(), 14));
    assertThat(flow.samples(7, 4).points()).isNotEqualTo(fewer.points());
  }

  /** Variances exp(2pT) of 20,000 samples at 5 standard deviations: one in about 1.7 million. */
  @Test
  void samplesHaveTheDensity() {
    DivergenceField field =
        ExpressionField.parse("dx = p*x + q*y; dy = -q*x + p*y", Map.of("p", -0.3, "q", 1.0));
    int count = 20_000;
    double[] points =
        ContinuousFlow.exact(field, 0, 1, solve("tsit5", 1e-5)).samples(count, 1).points();
    double[] squares = new double[2];
    double mixed = 0;
    for (int i = 0; i < count; i++) {
      squares[0] += points[2 * i] * points[2 * i];
      squares[1] += points[2 * i + 1] * points[2 * i + 1];
      mixed += points[2 * i] * points[2 * i + 1];
    }
    double variance = Math.exp(-0.6);
    double bound = 5 * variance * Math.sqrt(2.0 / count);
    assertThat(squares[0] / count).isCloseTo(variance, within(bound));
    assertThat(squares[1] / count).isCloseTo(variance, within(bound));
    assertThat(mixed / count).isCloseTo(0, within(bound));
  }

  private static void assertGradients(
      ContinuousFlow flow, Adjoint adjoint, OdeSolve check, double tolerance) {
    Trajectories data = flow.trajectories(POINTS, 0);
    GradientCheck against = new GradientCheck(check, flow.field());
    if (flow.field().dim() == 5) {
      against = against.fixing(2, 3);
    }
    for (int i = 0; i < data.count(); i++) {
      GradientDifference difference = against.check(adjoint, data, i, flow.negativeLogLikelihood());
      String where = "point %d: %s".formatted(i, difference);
      assertThat(difference.y0().relativeError()).as(where).isLessThan(tolerance);
      assertThat(difference.theta().relativeError()).as(where).isLessThan(tolerance);
      assertThat(difference.times().relativeError()).as(where).isLessThan(tolerance);
    }
  }

  private static ContinuousFlow estimated(double rtol) {
    return ContinuousFlow.estimated(curved(), 0, 1.5, solve("dopri5", rtol), Noise.RADEMACHER, 17);
  }

  @Test
  void gradientsMatchCentralDifferences() {
    for (ContinuousFlow flow : new ContinuousFlow[] {flow(1e-4), estimated(1e-4)}) {
      Adjoint discrete =
          new DiscreteAdjoint(
              flow.solve(), flow.field(), ThetaGradient.PER_TRAJECTORY, StepMemory.recompute());
      assertGradients(flow, discrete, flow.solve(), 1e-8);
    }
    for (ContinuousFlow flow : new ContinuousFlow[] {flow(1e-10), estimated(1e-10)}) {
      Adjoint backsolve =
          new BacksolveAdjoint(
              flow.solve(),
              flow.solve(),
              flow.field(),
              ThetaGradient.PER_TRAJECTORY,
              ThetaNorm.FULL);
      assertGradients(flow, backsolve, flow(1e-12).solve(), 1e-6);
    }
  }

  @Test
  void theLossIsTheNegativeLogDensity() {
    for (ContinuousFlow flow : new ContinuousFlow[] {flow(1e-6), estimated(1e-6)}) {
      double[] logs = flow.logDensities(POINTS);
      var gradients =
          new DiscreteAdjoint(
                  flow.solve(), flow.field(), ThetaGradient.NONE, StepMemory.recompute())
              .gradient(flow.trajectories(POINTS, 0), flow.negativeLogLikelihood());
      for (int i = 0; i < logs.length; i++) {
        assertThat(gradients.loss(i)).isEqualTo(-logs[i]);
      }
    }
  }

  /** The mean at 5 standard deviations: a false alarm in about 1.7 million tests. */
  @Test
  void estimatesAreUnbiasedAndTheSameWithTheSameNoise() {
    double exact = flow(1e-8).logDensities(new double[] {0.3, -0.8})[0];
    int count = 4000;
    double[] points = new double[2 * count];
    for (int i = 0; i < count; i++) {
      points[2 * i] = 0.3;
      points[2 * i + 1] = -0.8;
    }
    for (Noise noise : Noise.values()) {
      ContinuousFlow flow =
          ContinuousFlow.estimated(curved(), 0, 1.5, solve("dopri5", 1e-7), noise, 5);
      double[] logs = flow.logDensities(points);
      double mean = Arrays.stream(logs).average().orElseThrow();
      double variance =
          Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
      assertThat(variance).isGreaterThan(1e-3);
      assertThat(mean).as("%s", noise).isCloseTo(exact, within(5 * Math.sqrt(variance / count)));
      assertThat(flow.logDensities(points)).containsExactly(logs);
    }
  }

  @Test
  void noiseGoesWithTheNumberNotWithTheBatch() {
    ContinuousFlow flow = estimated(1e-6);
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(
            flow.solve().lanes(8),
            flow.field(),
            ThetaGradient.PER_TRAJECTORY,
            StepMemory.recompute());
    double[] points = new double[2 * 40];
    for (int i = 0; i < points.length; i++) {
      points[i] = 2 * Math.sin(i);
    }
    Loss loss = flow.negativeLogLikelihood();
    var all = adjoint.gradient(flow.trajectories(points, 100), loss);
    var one =
        adjoint.gradient(flow.trajectories(Arrays.copyOfRange(points, 2 * 33, 2 * 34), 133), loss);
    assertThat(one.loss(0)).isEqualTo(all.loss(33));
    assertThat(one.gradTheta(0)).containsExactly(all.gradTheta(33));
    assertThat(one.gradY0(0)).containsExactly(all.gradY0(33));
  }

  @Test
  void aFlowTakesARunningCost() {
    ContinuousFlow flow = estimated(1e-4);
    RunningCost field = new RunningCost(flow.field(), Cost.kineticEnergy(2));
    Trajectories data = Trajectories.of(field.dim(), field.states(flow.states(POINTS, 0)), 1.5, 0);
    Adjoint adjoint =
        new DiscreteAdjoint(
            flow.solve(), field, ThetaGradient.PER_TRAJECTORY, StepMemory.recompute());
    GradientDifference difference =
        new GradientCheck(flow.solve(), field)
            .fixing(2, 3)
            .check(adjoint, data, 1, field.loss(flow.negativeLogLikelihood(), -0.1));
    assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-8);
  }

  @Test
  void aNetworksDensityHasRightGradients() {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 8, 6).withTime();
    Mlp network = new Mlp(shape, shape.glorot(3));
    OdeSolve solve = solve("dopri5", 1e-6);
    for (ContinuousFlow flow :
        new ContinuousFlow[] {
          ContinuousFlow.exact(network, 0, 1, solve),
          ContinuousFlow.estimated(network, 0, 1, solve, Noise.RADEMACHER, 5)
        }) {
      Adjoint adjoint =
          new DiscreteAdjoint(
              flow.solve(), flow.field(), ThetaGradient.PER_TRAJECTORY, StepMemory.recompute());
      assertGradients(flow, adjoint, flow.solve(), 1e-9);
    }
  }

  @Test
  void singlePrecisionAgrees() {
    double[] logs = flow(1e-9).logDensities(POINTS);
    FloatContinuousFlow twin =
        FloatContinuousFlow.exact(
            FloatExpressionField.parse(CURVED, THETA), 0, 1.5, solve("dopri5", 1e-5));
    double[] twins = twin.logDensities(POINTS);
    for (int i = 0; i < logs.length; i++) {
      assertThat(twins[i]).isCloseTo(logs[i], within(1e-4 * (1 + Math.abs(logs[i]))));
    }
  }

  @Test
  void aFailedSolveGivesNan() {
    DivergenceField explosive = ExpressionField.parse("dx = x^2", Map.of());
    ContinuousFlow flow = ContinuousFlow.exact(explosive, 0, 1, solve("dopri5", 1e-6));
    assertThat(flow.logDensities(new double[] {-2, 0.5})[0]).isNaN();
    assertThat(flow.logDensities(new double[] {-2, 0.5})[1]).isFinite();
    FlowSamples samples = flow.samples(200, 1);
    for (int i = 0; i < 200; i++) {
      assertThat(Double.isNaN(samples.points()[i]))
          .isEqualTo(Double.isNaN(samples.logDensities()[i]));
    }
    // Those that begin above 1 run away: about 16 %.
    assertThat(Arrays.stream(samples.points()).filter(Double::isNaN).count()).isBetween(10L, 60L);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> flow(1e-6).logDensities(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected points of 2 components each, got 3 numbers.");
    assertThatThrownBy(() -> ContinuousFlow.exact(curved(), 1, 1, solve("dopri5", 1e-6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected two finite times that differ");
    assertThatThrownBy(() -> flow(1e-6).samples(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected at least 1 sample, got 0.");
  }
}
