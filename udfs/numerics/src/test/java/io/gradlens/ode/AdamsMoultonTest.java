package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.field.ClassicalSystems;
import org.junit.jupiter.api.Test;

class AdamsMoultonTest {

  @Test
  void errorShrinksWithOrderFourBothWaysAndBetweenSteps() {
    for (double[] span : new double[][] {{0, 2}, {2, 0}}) {
      double[] ends = new double[2];
      double[] inner = new double[2];
      for (int i = 0; i < 2; i++) {
        double h = 0.02 / (1 + i);
        Solution solution =
            OdeSolve.adamsMoulton(StepSizeController.fixed(h))
                .solve(Problem.COUPLED.field(), Problem.COUPLED.from(span[0], 1.2345, span[1]));
        double[] end = Problem.COUPLED.solution().apply(span[1]);
        double[] middle = Problem.COUPLED.solution().apply(1.2345);
        ends[i] = Math.abs(solution.y(0, 2, 0) - end[0]);
        inner[i] = Math.abs(solution.y(0, 1, 0) - middle[0]);
      }
      assertThat(Math.log(ends[0] / ends[1]) / Math.log(2)).isBetween(3.5, 5.5);
      assertThat(inner[0] / inner[1]).isGreaterThan(8);
    }
  }

  @Test
  void takesTwoEvaluationsAStepOnceStarted() {
    Solution solution =
        OdeSolve.adamsMoulton(StepSizeController.fixed(0.01))
            .solve(Problem.COUPLED.field(), Problem.COUPLED.from(0, 1));
    // One at the start, three Runge–Kutta steps of four, then two a step.
    assertThat(solution.stepsAccepted(0)).isEqualTo(100);
    assertThat(solution.nfe(0)).isEqualTo(1 + 3 * 4 + 97 * 2);
  }

  @Test
  void aLaneDoesNotDependOnTheOthers() {
    VectorField field = ClassicalSystems.named("lotka-volterra").field();
    OdeSolve solve = OdeSolve.adamsMoulton(StepSizeController.fixed(0.01)).lanes(8);
    double[] y0 = new double[40];
    double[][] ts = new double[20][];
    for (int i = 0; i < 20; i++) {
      y0[2 * i] = 1 + 0.1 * i;
      y0[2 * i + 1] = 2 - 0.05 * i;
      ts[i] = new double[] {0, 0.333, 1 + 0.217 * i};
    }
    Solution batch = solve.solve(field, Trajectories.of(2, y0, ts));
    for (int i = 0; i < 20; i++) {
      double[] start = {y0[2 * i], y0[2 * i + 1]};
      assertThat(batch.ys(i)).isEqualTo(solve.solve(field, Trajectories.of(2, start, ts[i])).ys(0));
    }
  }

  @Test
  void aBacksolveGivesItsGradients() {
    DifferentiableField field = ClassicalSystems.named("lotka-volterra").field();
    Trajectories data = Trajectories.of(2, new double[] {1, 2}, 0, 0.5, 1);
    Loss loss =
        (i, ts, ys, gradYs) -> {
          double sum = 0;
          for (int j = 0; j < ys.length; j++) {
            sum += ys[j] * ys[j];
            gradYs[j] = 2 * ys[j];
          }
          return sum;
        };
    OdeSolve multistep = OdeSolve.adamsMoulton(StepSizeController.fixed(1e-3));
    OdeSolve tight =
        OdeSolve.with(Tableaus.DOP853.tableau(), StepSizeController.adaptive(1e-12, 1e-13));

    Gradients backsolve =
        new BacksolveAdjoint(multistep, multistep, field, ThetaGradient.SUM, ThetaNorm.FULL)
            .gradient(data, loss);
    Gradients exact =
        new DiscreteAdjoint(tight, field, ThetaGradient.SUM, StepMemory.recompute())
            .gradient(data, loss);

    for (int p = 0; p < 4; p++) {
      assertThat(backsolve.gradTheta()[p])
          .isCloseTo(exact.gradTheta()[p], within(1e-8 * Math.abs(exact.gradTheta()[p])));
    }
  }

  @Test
  void stepsThatAdaptAndADiscreteAdjointAreRefused() {
    assertThatThrownBy(() -> OdeSolve.adamsMoulton(StepSizeController.adaptive(1e-3, 1e-6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fixed step size");
    OdeSolve solve = OdeSolve.adamsMoulton(StepSizeController.fixed(0.1));
    DifferentiableField field = ClassicalSystems.named("lotka-volterra").field();
    assertThatThrownBy(
            () -> new DiscreteAdjoint(solve, field, ThetaGradient.SUM, StepMemory.store()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BacksolveAdjoint");
  }
}
