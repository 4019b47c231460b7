package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatClassicalSystems;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kværnø's methods: stiff problems, orders, and lanes that solve their stages by themselves. */
class StiffTest {
  private static final double[] ROBERTSON = {
    0.61723488239606716, 6.1535912746388841e-6, 0.38275896401264059
  };
  private static final String NONLINEAR = "dy = -y*y*(1 + 0.3*sin(t))";

  @ParameterizedTest
  @EnumSource(names = {"KVAERNO3", "KVAERNO5"})
  void robertsonsReactionIsSolved(Tableaus method) {
    Solution solution =
        adaptive(method, 1e-6, 1e-10)
            .solve(
                ClassicalSystems.named("robertson").field(),
                Trajectories.of(3, new double[] {1, 0, 0}, 0, 100));

    assertThat(solution.status(0)).isEqualTo(SolveStatus.SUCCESS);
    for (int d = 0; d < 3; d++) {
      assertThat(solution.y(0, 1, d) / ROBERTSON[d]).isCloseTo(1, within(1e-5));
    }
    assertThat(solution.stepsAccepted(0)).isLessThan(400);
  }

  @Test
  void anExplicitMethodTakesHundredsOfTimesMoreSteps() {
    Trajectories data = Trajectories.of(3, new double[] {1, 0, 0}, 0, 100);
    VectorField field = ClassicalSystems.named("robertson").field();
    int explicit = adaptive(Tableaus.DOPRI5, 1e-6, 1e-10).solve(field, data).stepsAccepted(0);
    int implicit = adaptive(Tableaus.KVAERNO5, 1e-6, 1e-10).solve(field, data).stepsAccepted(0);
    assertThat(explicit).isGreaterThan(300 * implicit);
  }

  @Test
  void vanDerPolsOscillatorWithMu1000IsSolved() {
    // y after t = 2000 lies on the slow branch; reference: both methods at rtol 1e-10.
    Trajectories data = Trajectories.of(2, new double[] {2, 0}, 0, 2000);
    VectorField field = ClassicalSystems.named("van-der-pol").field(1000);
    Solution tight = adaptive(Tableaus.KVAERNO5, 1e-10, 1e-12).solve(field, data);
    Solution loose = adaptive(Tableaus.KVAERNO3, 1e-6, 1e-8).solve(field, data);
    assertThat(loose.status(0)).isEqualTo(SolveStatus.SUCCESS);
    assertThat(loose.y(0, 1, 0)).isCloseTo(tight.y(0, 1, 0), within(1e-3));
  }

  @ParameterizedTest
  @EnumSource(names = {"KVAERNO3", "KVAERNO5"})
  void errorShrinksWithTheMethodsOrder(Tableaus method) {
    VectorField field = ExpressionField.parse(NONLINEAR, Map.of());
    double exact = 1 / (1 + 2 + 0.3 * (1 - Math.cos(2)));
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      Solution solution =
          OdeSolve.with(method.tableau(), StepSizeController.fixed(0.2 / (1 + i)))
              .solve(field, Trajectories.of(1, new double[] {1}, 0, 2));
      errors[i] = Math.abs(solution.y(0, 1, 0) - exact);
    }
    double order = Math.log(errors[0] / errors[1]) / Math.log(2);
    assertThat(order).isBetween(method.tableau().order() - 0.5, method.tableau().order() + 1.5);
  }

  @Test
  void aLaneDoesNotDependOnTheOthers() {
    VectorField field = ClassicalSystems.named("robertson").field();
    OdeSolve solve = adaptive(Tableaus.KVAERNO5, 1e-7, 1e-11);
    double[] y0 = new double[3 * 30];
    double[][] ts = new double[30][];
    for (int i = 0; i < 30; i++) {
      y0[3 * i] = 1 - 0.01 * i;
      y0[3 * i + 2] = 0.01 * i;
      ts[i] = new double[] {0, 0.5 + i, 40 + 3 * i};
    }
    Solution batch = solve.solve(field, Trajectories.of(3, y0, ts));
    for (int i = 0; i < 30; i++) {
      double[] start = {y0[3 * i], 0, y0[3 * i + 2]};
      Solution alone = solve.solve(field, Trajectories.of(3, start, ts[i]));
      assertThat(batch.ys(i)).as("trajectory " + i).isEqualTo(alone.ys(0));
    }
  }

  @Test
  void singlePrecisionFollows() {
    Solution solution =
        adaptive(Tableaus.KVAERNO3, 1e-3, 1e-7)
            .solve(
                FloatClassicalSystems.named("robertson").field(),
                Trajectories.of(3, new double[] {1, 0, 0}, 0, 100));
    assertThat(solution.status(0)).isEqualTo(SolveStatus.SUCCESS);
    assertThat(solution.y(0, 1, 0)).isCloseTo(ROBERTSON[0], within(2e-3));
  }

  @Test
  void aFieldWithoutDerivativesIsRefused() {
    OdeSolve solve = adaptive(Tableaus.KVAERNO3, 1e-3, 1e-6);
    Trajectories data = Trajectories.of(2, new double[] {1, 0}, 0, 1);
    assertThatThrownBy(() -> solve.solve(Problem.COUPLED.field(), data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DifferentiableField");
  }

  @Test
  void aBacksolveWithAnImplicitMethodIsRefused() {
    OdeSolve implicit = adaptive(Tableaus.KVAERNO5, 1e-6, 1e-9);
    DifferentiableField field = ClassicalSystems.named("robertson").field();
    assertThatThrownBy(
            () ->
                new BacksolveAdjoint(implicit, implicit, field, ThetaGradient.SUM, ThetaNorm.FULL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kvaerno5")
        .hasMessageContaining("DiscreteAdjoint");
  }

  @Test
  void theFieldsOwnJacobianIsTakenWhereItHasOne() {
    int[] asked = new int[1];
    DifferentiableField decay =
        new DifferentiableField() {
          @Override
          public int dim() {
            return 1;
          }

          @Override
          public void apply(double[] t, double[] y, double[] dydt) {
            for (int l = 0; l < t.length; l++) {
              dydt[l] = -1000 * y[l];
            }
          }

          @Override
          public boolean jacobian(double[] t, double[] y, double[] jacobian) {
            asked[0]++;
            Arrays.fill(jacobian, -1000);
            return true;
          }

          @Override
          public int params() {
            return 0;
          }

          @Override
          public double[] theta() {
            return new double[0];
          }

          @Override
          public void setTheta(double[] theta) {}

          @Override
          public void vjp(
              double[] t,
              double[] y,
              double[] cotangent,
              double[] gradY,
              double[] gradTheta,
              double[] gradT) {
            throw new AssertionError("the Jacobian was given");
          }
        };
    Solution solution =
        adaptive(Tableaus.KVAERNO5, 1e-6, 1e-9)
            .solve(decay, Trajectories.of(1, new double[] {1}, 0, 1));
    assertThat(solution.y(0, 1, 0)).isCloseTo(0, within(1e-8));
    assertThat(asked[0]).isPositive();
  }

  private static OdeSolve adaptive(Tableaus method, double rtol, double atol) {
    return OdeSolve.with(method.tableau(), StepSizeController.adaptive(rtol, atol));
  }
}
