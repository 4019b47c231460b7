package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningCostTest {
  private static final String PENDULUM = "dx = y; dy = -a*sin(x) - b*y + sin(t)";
  private static final Map<String, Double> THETA = Map.of("a", 1.5, "b", 0.2);
  private static final double[] Y0 = {0.5, -1, 1.5, 0.2};
  private static final double[] TS = {0.2, 0.9, 2};
  private static final double[][] TARGETS = {{0, 1, 1, 0, Double.NaN, 1}, {1, 1, 0, 0, 1, 0}};
  private static final Cost[] COSTS = {Cost.kineticEnergy(2), new Mixed()};

  private static OdeSolve solve(String method, double rtol) {
    return OdeSolve.with(Tableaus.named(method), StepSizeController.adaptive(rtol, rtol / 100));
  }

  private static RunningCost field(Cost cost) {
    return new RunningCost(ExpressionField.parse(PENDULUM, THETA), cost);
  }

  @Test
  void theCostIsTheIntegral() {
    // y = 2 exp(−kt): the integral of ẏ² from 0 to T is 2k(1 − exp(−2kT)).
    RunningCost field =
        new RunningCost(
            ExpressionField.parse("dy = -k*y", Map.of("k", 0.7)), Cost.kineticEnergy(1));
    Solution solution =
        solve("dop853", 1e-11)
            .solve(field, Trajectories.of(2, field.states(new double[] {2}), 0, 1.5));
    assertThat(solution.y(0, 1, 0)).isCloseTo(2 * Math.exp(-1.05), within(1e-10));
    assertThat(solution.y(0, 1, 1)).isCloseTo(1.4 * (1 - Math.exp(-2.1)), within(1e-9));
  }

  @Test
  void discreteGradientsMatchCentralDifferences() {
    for (StepMemory memory : new StepMemory[] {StepMemory.store(), StepMemory.recompute()}) {
      for (Cost cost : COSTS) {
        RunningCost field = field(cost);
        OdeSolve solve = solve("tsit5", 1e-4);
        Trajectories data = Trajectories.of(3, field.states(Y0), TS);
        Loss loss = field.loss(Losses.meanSquared(TARGETS), 0.3);
        Adjoint adjoint = new DiscreteAdjoint(solve, field, ThetaGradient.PER_TRAJECTORY, memory);
        for (int i = 0; i < 2; i++) {
          GradientDifference difference =
              new GradientCheck(solve, field).check(adjoint, data, i, loss);
          assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-9);
          assertThat(difference.theta().relativeError()).as(difference.toString()).isLessThan(1e-9);
          assertThat(difference.times().relativeError()).as(difference.toString()).isLessThan(1e-9);
        }
      }
    }
  }

  @Test
  void backsolvedGradientsMatchCentralDifferences() {
    for (Cost cost : COSTS) {
      RunningCost field = field(cost);
      OdeSolve tight = solve("dop853", 1e-12);
      Trajectories data = Trajectories.of(3, field.states(Y0), TS);
      Loss loss = field.loss(Losses.meanSquared(TARGETS), 0.3);
      Adjoint adjoint =
          new BacksolveAdjoint(
              solve("dop853", 1e-10),
              solve("dop853", 1e-10),
              field(cost),
              ThetaGradient.PER_TRAJECTORY,
              ThetaNorm.FULL);
      for (int i = 0; i < 2; i++) {
        GradientDifference difference =
            new GradientCheck(tight, field).check(adjoint, data, i, loss);
        assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-8);
      }
    }
  }

  @Test
  void theFieldsTapeAndItsVjpGiveTheSame() {
    RunningCost field = field(new Mixed());
    double[] t = {0.3, 0.4};
    double[] y = {1, 2, 3, 4, 5, 6};
    double[] a = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
    double[] gradY = new double[6];
    double[] gradTheta = new double[4];
    double[] gradT = new double[2];
    field.vjp(t, y, a, gradY, gradTheta, gradT);
    double[] tapedY = new double[6];
    double[] tapedTheta = new double[4];
    double[] tapedT = new double[2];
    var tape = field.tape(2, 3, ThetaGradient.PER_TRAJECTORY);
    tape.apply(2, t, y, new double[6]);
    tape.apply(1, new double[2], new double[6], new double[6]);
    tape.vjp(2, a, tapedY, tapedT);
    tape.addThetaGradient(tapedTheta);
    assertThat(tapedY).containsExactly(gradY);
    assertThat(tapedTheta).containsExactly(gradTheta);
    assertThat(tapedT).containsExactly(gradT);
    assertThat(tape.bytes()).isGreaterThan(3 * 8 * (2 + 4 + 4));
  }

  @Test
  void singlePrecisionAgrees() {
    RunningCost field = field(Cost.kineticEnergy(2));
    FloatRunningCost twin =
        new FloatRunningCost(
            FloatExpressionField.parse(PENDULUM, THETA), FloatCost.kineticEnergy(2));
    OdeSolve solve = solve("dopri5", 1e-5);
    Trajectories data = Trajectories.of(3, twin.states(Y0), TS);
    Loss loss = twin.loss(Losses.meanSquared(TARGETS), 0.3);
    Adjoint adjoint =
        new FloatDiscreteAdjoint(solve, twin, ThetaGradient.PER_TRAJECTORY, StepMemory.recompute());
    assertThat(new GradientCheck(solve, field).check(adjoint, data, 1, loss).relativeError())
        .isBetween(1e-10, 1e-4);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> field(COSTS[0]).states(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected initial states of 2 components each, got 3 numbers.");
    assertThatThrownBy(() -> Cost.kineticEnergy(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected at least 1 component to have a speed, got 0.");
  }

  /** c = t·x² + y·ẏ, which reads everything there is. */
  private static final class Mixed implements Cost {

    @Override
    public void value(double[] t, double[] y, double[] slopes, double[] cost) {
      int n = t.length;
      for (int l = 0; l < n; l++) {
        cost[l] = t[l] * y[l] * y[l] + y[n + l] * slopes[n + l];
      }
    }

    @Override
    public void vjp(
        double[] t,
        double[] y,
        double[] slopes,
        double[] cotangent,
        double[] gradY,
        double[] gradSlopes,
        double[] gradT) {
      int n = t.length;
      for (int l = 0; l < n; l++) {
        gradY[l] += cotangent[l] * 2 * t[l] * y[l];
        gradY[n + l] += cotangent[l] * slopes[n + l];
        gradSlopes[n + l] += cotangent[l] * y[n + l];
        gradT[l] += cotangent[l] * y[l] * y[l];
      }
    }
  }
}
