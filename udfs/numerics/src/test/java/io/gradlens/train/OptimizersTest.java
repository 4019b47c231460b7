package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps beside torch's formulas, worked out in NumPy for three steps down a bowl. */
class OptimizersTest {

  /** L = 3(x − 1)²/2 + (y + 2)²/4. */
  private static double bowl(double[] theta, double[] gradient) {
    double x = theta[0] - 1;
    double y = theta[1] + 2;
    gradient[0] = 3 * x;
    gradient[1] = y / 2;
    return 1.5 * x * x + y * y / 4;
  }

  private static void requireThreeSteps(Optimizer optimizer, double x, double y) {
    double[] theta = {2, 1};
    assertThat(optimizer.step(theta, OptimizersTest::bowl, 0.1)).isEqualTo(3.75);
    optimizer.step(theta, OptimizersTest::bowl, 0.1);
    optimizer.step(theta, OptimizersTest::bowl, 0.1);
    assertThat(theta[0]).isCloseTo(x, within(1e-13));
    assertThat(theta[1]).isCloseTo(y, within(1e-13));
  }

  @Test
  void sgdWithMomentum() {
    requireThreeSteps(Optimizers.SGD.with(2, .9, .01), 0.7147480979999999, 0.1894620489999999);
  }

  @Test
  void nesterov() {
    requireThreeSteps(
        Optimizers.NESTEROV.with(2, .9, .01), 0.6457944737820001, -0.11098737110899987);
  }

  @Test
  void rmsprop() {
    requireThreeSteps(Optimizers.RMSPROP.with(2, 0, .01), 0.9966777790873496, -0.9250762317279083);
  }

  @Test
  void rmspropWithMomentum() {
    requireThreeSteps(
        Optimizers.RMSPROP.with(2, .9, .01), -0.044872248342252646, -2.9051876583684155);
  }

  @Test
  void adam() {
    requireThreeSteps(Optimizers.ADAM.with(2, 0, .01), 1.7015786076621973, 0.7003874703348796);
  }

  @Test
  void adamw() {
    requireThreeSteps(Optimizers.ADAMW.with(2, 0, .01), 1.6959376265917627, 0.6976886411874247);
  }

  /** The first step of Adam and of RMSprop has a length that is known whatever the gradient. */
  @Test
  void firstStepsHaveKnownLengths() {
    double[] theta = {2, 1};
    Optimizers.ADAM.with(2, 0, 0).step(theta, OptimizersTest::bowl, 0.1);
    assertThat(theta).containsExactly(new double[] {1.9, 0.9}, within(1e-8));
    theta = new double[] {2, 1};
    Optimizers.RMSPROP.with(2, 0, 0).step(theta, OptimizersTest::bowl, 0.1);
    assertThat(theta).containsExactly(new double[] {1, 0}, within(1e-6));
  }

  @ParameterizedTest
  @EnumSource
  void restoredStatesGoOnBitForBit(Optimizers which) {
    double momentum = which.ordinal() < Optimizers.ADAM.ordinal() ? .8 : 0;
    double[] unbroken = {2, 1};
    Optimizer optimizer = which.with(2, momentum, 0);
    double[] broken = {2, 1};
    for (int k = 0; k < 8; k++) {
      optimizer.step(unbroken, OptimizersTest::bowl, 0.05);
    }
    double[] state = which.with(2, momentum, 0).state();
    for (int k = 0; k < 8; k++) {
      Optimizer fresh = which.with(2, momentum, 0);
      fresh.restore(state);
      fresh.step(broken, OptimizersTest::bowl, 0.05);
      state = fresh.state();
    }
    assertThat(broken).isEqualTo(unbroken);
    assertThat(state).isEqualTo(optimizer.state());
    assertThatThrownBy(() -> which.with(5, momentum, 0).restore(new double[3]))
        .hasMessageContaining("3");
  }

  @ParameterizedTest
  @EnumSource
  void badLossesChangeNothing(Optimizers which) {
    double[] theta = {2, 1};
    Optimizer optimizer = which.with(2, 0, 0);
    optimizer.step(theta, OptimizersTest::bowl, 0.05);
    double[] before = theta.clone();
    double[] state = optimizer.state();
    assertThat(optimizer.step(theta, (at, g) -> Double.NaN, 0.05)).isNaN();
    double infinite =
        optimizer.step(
            theta,
            (at, g) -> {
              g[0] = Double.POSITIVE_INFINITY;
              return 1;
            },
            0.05);
    assertThat(infinite).isNaN();
    assertThat(theta).isEqualTo(before);
    assertThat(optimizer.state()).isEqualTo(state);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Optimizers.SGD.with(2, 1, 0)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> Optimizers.SGD.with(2, 0, -1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> Optimizers.ADAM.with(2, .9, 0))
        .hasMessage("Optimizer 'adam' takes no momentum, got 0.9.");
    assertThatThrownBy(() -> Optimizers.named("adagrad"))
        .hasMessageContaining("sgd, nesterov, rmsprop, adam, adamw, lbfgs");
  }

  @Test
  void clippedGradientsHaveTheNormAskedFor() {
    double[] gradient = new double[2];
    new GradientClipping(OptimizersTest::bowl, 0.5).evaluate(new double[] {2, 1}, gradient);
    assertThat(Math.hypot(gradient[0], gradient[1])).isCloseTo(0.5, within(1e-6));
    assertThat(gradient[1] / gradient[0]).isCloseTo(0.5, within(1e-15));
    new GradientClipping(OptimizersTest::bowl, 50).evaluate(new double[] {2, 1}, gradient);
    assertThat(gradient).containsExactly(3, 1.5);
  }
}
