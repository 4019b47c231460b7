package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private static final String FORMULAS = "dx = y*cos(w*t) - a*x^3; dy = -b*x + sin(t)*y";
  private static final Map<String, Double> THETA = Map.of("w", 1.3, "a", 0.2, "b", 0.8);
  private static final Trajectories DATA =
      Trajectories.of(
          2,
          new double[] {0.5, -1, 1.5, 0.2, -0.7, 0.3},
          new double[][] {{0, 0.7, 1.9, 2}, {0.3, 1, 2.5, 4}, {2, 1.5, 0.1, -0.5}});
  private static final double[][] TARGETS = {
    {0, 1, 1, 0, Double.NaN, 1, 0.5, 0.5}, {1, 1, 0, 0, 1, 0, 2, 0}, {0, 0, 1, -1, 0, 0, 0.2, 0}
  };
  private static final Loss LOSS = Losses.meanSquared(TARGETS);

  private static OdeSolve solve(String method, double rtol) {
    return OdeSolve.with(Tableaus.named(method), StepSizeController.adaptive(rtol, rtol / 100));
  }

  private static DifferentiableField field() {
    return ExpressionField.parse(FORMULAS, THETA);
  }

  private static Adjoint discrete(OdeSolve solve, DifferentiableField field) {
    return new DiscreteAdjoint(solve, field, ThetaGradient.PER_TRAJECTORY, StepMemory.recompute());
  }

  @Test
  void aDiscreteAdjointIsRightAtAnyTolerance() {
    for (String method : new String[] {"dopri5", "dop853", "tsit5", "kvaerno3", "kvaerno5"}) {
      for (double rtol : new double[] {1e-2, 1e-4, 1e-8}) {
        OdeSolve solve = solve(method, rtol);
        for (int i = 0; i < DATA.count(); i++) {
          GradientDifference difference =
              new GradientCheck(solve, field()).check(discrete(solve, field()), DATA, i, LOSS);
          String where = "%s, rtol %s, trajectory %d: %s".formatted(method, rtol, i, difference);
          assertThat(difference.relativeError()).as(where).isLessThan(1e-9);
          assertThat(difference.y0().relativeError()).as(where).isLessThan(1e-9);
          assertThat(difference.theta().relativeError()).as(where).isLessThan(1e-9);
          assertThat(difference.times().relativeError()).as(where).isLessThan(1e-9);
        }
      }
    }
  }

  @Test
  void stepsOfOneSizeStopsAndJumpsAreFrozenToo() {
    OdeSolve adaptive = solve("dopri5", 1e-3);
    OdeSolve[] solves = {
      OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(0.3)),
      adaptive.landingOnTimes(),
      adaptive.stepTo(0.5, 1.1),
    };
    for (OdeSolve solve : solves) {
      for (int i = 0; i < DATA.count(); i++) {
        GradientDifference difference =
            new GradientCheck(solve, field()).check(discrete(solve, field()), DATA, i, LOSS);
        assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-9);
      }
    }
    GradientDifference jumping =
        new GradientCheck(adaptive.jumpAt(0.5, 1.1), field())
            .check(discrete(adaptive.jumpAt(0.5, 1.1), field()), DATA, 0, LOSS);
    assertThat(jumping.y0().relativeError()).as(jumping.toString()).isLessThan(1e-9);
    assertThat(jumping.theta().relativeError()).as(jumping.toString()).isLessThan(1e-9);
  }

  @Test
  void sharedStepsAreThoseOfTheBatch() {
    OdeSolve solve = solve("dopri5", 1e-3).stepControl(StepControl.SHARED);
    Trajectories data = Trajectories.of(2, new double[] {0.5, -1, 1.5, 0.2}, 0, 0.7, 1.9, 2);
    for (int i = 0; i < 2; i++) {
      GradientDifference difference =
          new GradientCheck(solve, field()).check(discrete(solve, field()), data, i, LOSS);
      assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-9);
    }
  }

  @Test
  void aBacksolveIsAsGoodAsItsTolerances() {
    GradientCheck check = new GradientCheck(solve("dop853", 1e-12), field());
    for (int i = 0; i < DATA.count(); i++) {
      double tight = check.check(backsolve(1e-10), DATA, i, LOSS).relativeError();
      double loose = check.check(backsolve(1e-4), DATA, i, LOSS).relativeError();
      assertThat(tight).as("trajectory %d", i).isLessThan(1e-8);
      assertThat(loose).as("trajectory %d", i).isBetween(1e-7, 1e-1);
    }
  }

  private static Adjoint backsolve(double rtol) {
    OdeSolve solve = solve("dopri5", rtol);
    return new BacksolveAdjoint(
        solve, solve, field(), ThetaGradient.PER_TRAJECTORY, ThetaNorm.FULL);
  }

  @Test
  void adjointsAreComparedWithEachOther() {
    OdeSolve solve = solve("dopri5", 1e-10);
    GradientDifference difference =
        GradientCheck.compare(
            discrete(solve, field()).gradient(DATA, LOSS),
            backsolve(1e-10).gradient(DATA, LOSS),
            1);
    assertThat(difference.relativeError()).isBetween(1e-16, 1e-8);
  }

  @Test
  void singlePrecisionIsCheckedWithTheDoubleField() {
    OdeSolve solve = solve("dopri5", 1e-5);
    Adjoint adjoint =
        new FloatDiscreteAdjoint(
            solve,
            FloatExpressionField.parse(FORMULAS, THETA),
            ThetaGradient.PER_TRAJECTORY,
            StepMemory.recompute());
    assertThat(new GradientCheck(solve, field()).check(adjoint, DATA, 0, LOSS).relativeError())
        .isBetween(1e-10, 1e-4);
  }

  @Test
  void aWrongDerivativeIsFoundAndNamed() {
    OdeSolve solve = solve("dopri5", 1e-6);
    DifferentiableField wrong = new WrongDecay(0, 1);
    Trajectories data = Trajectories.of(1, new double[] {2}, 0, 0.5, 1);
    Loss loss = Losses.meanSquared(new double[] {1, 1, 1});
    GradientDifference theta =
        new GradientCheck(solve, wrong).check(discrete(solve, wrong), data, 0, loss);
    assertThat(theta.relativeError()).isGreaterThan(0.005);
    assertThat(theta.y0().relativeError()).isLessThan(1e-9);
    assertThat(theta.theta().relativeError()).isCloseTo(0.1 / 1.1, within(1e-6));
    assertThat(theta.all().worst()).isEqualTo("theta[0]");
    assertThat(theta.toString()).contains("theta[0] is " + theta.theta().actual());

    DifferentiableField other = new WrongDecay(1, 0);
    GradientDifference y0 =
        new GradientCheck(solve, other).check(discrete(solve, other), data, 0, loss);
    assertThat(y0.y0().relativeError()).isGreaterThan(0.005);
    assertThat(y0.y0().worst()).isEqualTo("y0[0]");
    assertThat(
            new GradientCheck(solve, other)
                .fixing(0)
                .check(discrete(solve, other), data, 0, loss)
                .y0()
                .relativeError())
        .isZero();
  }

  @Test
  void timesOfASolutionInClosedForm() {
    // y = 2 exp(−k(t − t₀)), L = y(t₁)²: dL/dt₁ = −2k y², dL/dt₀ = 2k y².
    OdeSolve solve = solve("dop853", 1e-12);
    DifferentiableField decay = new WrongDecay(0, 0);
    Trajectories data = Trajectories.of(1, new double[] {2}, 0.5, 1);
    Loss square =
        (i, ts, ys, gradYs) -> {
          gradYs[1] = 2 * ys[1];
          return ys[1] * ys[1];
        };
    double slope = 2 * 0.7 * Math.pow(2 * Math.exp(-0.35), 2);
    Gradients gradients = backsolveOf(decay).gradient(data, square);
    assertThat(gradients.gradT(0)[0]).isCloseTo(slope, within(1e-8));
    assertThat(gradients.gradT(0)[1]).isCloseTo(-slope, within(1e-8));
    assertThat(
            new GradientCheck(solve, decay)
                .check(gradients, data, 0, square)
                .times()
                .relativeError())
        .isLessThan(1e-8);
  }

  private static Adjoint backsolveOf(DifferentiableField field) {
    OdeSolve solve = solve("dopri5", 1e-10);
    return new BacksolveAdjoint(solve, solve, field, ThetaGradient.NONE, ThetaNorm.SEMINORM);
  }

  @Test
  void thetaMayBeLeftOut() {
    OdeSolve solve = solve("dopri5", 1e-6);
    Adjoint adjoint =
        new DiscreteAdjoint(solve, field(), ThetaGradient.NONE, StepMemory.recompute());
    GradientDifference difference = new GradientCheck(solve, field()).check(adjoint, DATA, 0, LOSS);
    assertThat(difference.relativeError()).isLessThan(1e-9);
    assertThat(difference.theta().worst()).isEmpty();
  }

  @Test
  void sumsOfSeveralTrajectoriesAreRefused() {
    OdeSolve solve = solve("dopri5", 1e-6);
    Adjoint adjoint =
        new DiscreteAdjoint(solve, field(), ThetaGradient.SUM, StepMemory.recompute());
    assertThatThrownBy(() -> new GradientCheck(solve, field()).check(adjoint, DATA, 0, LOSS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot check one of 3 trajectories");
    assertThatThrownBy(() -> new GradientCheck(solve, field()).fixing(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot fix component 2: the field has 2, counted from 0.");
  }

  @Test
  void aFailedSolveGivesNan() {
    DifferentiableField explosive = ExpressionField.parse("dx = x^2", Map.of());
    OdeSolve solve = solve("dopri5", 1e-6);
    Trajectories data = Trajectories.of(1, new double[] {1}, 0, 2);
    GradientDifference difference =
        new GradientCheck(solve, explosive)
            .check(discrete(solve, explosive), data, 0, Losses.meanSquared(new double[2]));
    assertThat(difference.relativeError()).isNaN();
  }

  @Test
  void theFieldKeepsItsParameters() {
    OdeSolve solve = solve("dopri5", 1e-6);
    DifferentiableField field = ClassicalSystems.LOTKA_VOLTERRA.field();
    double[] before = field.theta();
    Trajectories data = Trajectories.of(2, new double[] {30, 4}, 0, 1, 5);
    GradientDifference difference =
        new GradientCheck(solve, field)
            .check(
                discrete(solve, field),
                data,
                0,
                Losses.meanSquared(new double[] {30, 4, 47, 6, 41, 20}));
    assertThat(difference.relativeError()).as(difference.toString()).isLessThan(1e-9);
    assertThat(field.theta()).containsExactly(before);
  }

  /** dy/dt = −ky, k = 0.7, with derivatives that are wrong by a tenth where asked for. */
  private static final class WrongDecay implements DifferentiableField {
    private final double wrongY;
    private final double wrongTheta;
    private double k = 0.7;

    WrongDecay(int wrongY, int wrongTheta) {
      this.wrongY = 1 + 0.1 * wrongY;
      this.wrongTheta = 1 + 0.1 * wrongTheta;
    }

    @Override
    public int dim() {
      return 1;
    }

    @Override
    public int params() {
      return 1;
    }

    @Override
    public double[] theta() {
      return new double[] {k};
    }

    @Override
    public void setTheta(double[] theta) {
      k = theta[0];
    }

    @Override
    public void apply(double[] t, double[] y, double[] dydt) {
      for (int l = 0; l < t.length; l++) {
        dydt[l] = -k * y[l];
      }
    }

    @Override
    public void vjp(
        double[] t,
        double[] y,
        double[] cotangent,
        double[] gradY,
        double[] gradTheta,
        double[] gradT) {
      for (int l = 0; l < t.length; l++) {
        gradY[l] -= wrongY * k * cotangent[l];
        if (gradTheta != null) {
          gradTheta[l] -= wrongTheta * y[l] * cotangent[l];
        }
      }
    }
  }
}
