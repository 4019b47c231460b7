package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final double NAN = Double.NaN;
  private static final double[] TS = {0, 1};

  /** Differences −1, 2, (not observed), −0.5. */
  private static final double[] YS = {1, 4, 7, 0.5};

  private static final double[][] TARGETS = {{0, 0, 0, 0}, {2, 2, NAN, 1}};

  private static double[] gradient(Loss loss, double value) {
    double[] gradient = new double[4];
    assertThat(loss.evaluate(1, TS, YS, gradient)).isCloseTo(value, within(1e-15));
    return gradient;
  }

  @Test
  void squaresAreAveragedOverWhatWasObserved() {
    assertThat(gradient(Losses.meanSquared(TARGETS), (1 + 4 + 0.25) / 3))
        .containsExactly(-2.0 / 3, 4.0 / 3, 0, -1.0 / 3);
  }

  @Test
  void absoluteErrorsAreToo() {
    assertThat(gradient(Losses.meanAbsolute(TARGETS), 3.5 / 3))
        .containsExactly(-1.0 / 3, 1.0 / 3, 0, -1.0 / 3);
  }

  @Test
  void huberIsQuadraticThenLinear() {
    assertThat(gradient(Losses.huber(1, TARGETS), (0.5 + 1.5 + 0.125) / 3))
        .containsExactly(-1.0 / 3, 1.0 / 3, 0, -0.5 / 3);
  }

  @Test
  void gaussianIsTheNegativeLogOfTheDensity() {
    // Components alternate: sigma 1 for the first and third number, 2 for the others.
    double logs = 1.5 * Math.log(2 * Math.PI) + 2 * Math.log(2);
    double[] gradient =
        gradient(Losses.gaussian(new double[] {1, 2}, TARGETS), (0.5 + 0.5 + 0.03125 + logs) / 3);
    assertThat(gradient).containsExactly(-1.0 / 3, 0.5 / 3, 0, -0.125 / 3);
  }

  @Test
  void oneSigmaServesAllComponents() {
    Loss one = Losses.gaussian(new double[] {2}, TARGETS);
    Loss each = Losses.gaussian(new double[] {2, 2}, TARGETS);
    assertThat(one.evaluate(1, TS, YS, new double[4]))
        .isEqualTo(each.evaluate(1, TS, YS, new double[4]));
  }

  @Test
  void aTrajectoryWithoutTargetsHasNoLoss() {
    double[] gradient = new double[2];
    Loss loss = Losses.meanSquared(new double[] {NAN, Double.POSITIVE_INFINITY});
    assertThat(loss.evaluate(0, new double[] {0}, new double[] {1, 2}, gradient)).isZero();
    assertThat(gradient).containsExactly(0, 0);
  }

  @Test
  void gradientsMatchCentralDifferences() {
    Random random = new Random(5);
    double[] target = random.doubles(12, -3, 3).toArray();
    double[] ys = random.doubles(12, -3, 3).toArray();
    target[4] = NAN;
    Loss[] losses = {
      Losses.meanSquared(target),
      Losses.meanAbsolute(target),
      Losses.huber(0.7, target),
      Losses.gaussian(new double[] {0.3, 1, 2}, target)
    };
    double[] ts = {0, 1, 2, 3};
    for (int k = 0; k < losses.length; k++) {
      Loss loss = losses[k];
      double[] gradient = new double[12];
      loss.evaluate(0, ts, ys, gradient);
      for (int j = 0; j < 12; j++) {
        int moved = j;
        double slope =
            CentralDifference.slope(
                x -> {
                  double[] other = ys.clone();
                  other[moved] += x;
                  return loss.evaluate(0, ts, other, new double[12]);
                },
                1,
                1);
        assertThat(gradient[j]).as("loss %d, number %d", k, j).isCloseTo(slope, within(1e-9));
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(
            () -> Losses.meanSquared(new double[3]).evaluate(0, TS, new double[4], new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Trajectory 0 has 4 numbers at its 2 times, its targets have 3.");
    assertThatThrownBy(() -> Losses.huber(0, TARGETS))
        .hasMessage("Expected a delta above 0, got 0.0.");
    assertThatThrownBy(() -> Losses.gaussian(new double[] {1, NAN}, TARGETS))
        .hasMessage("Expected a sigma above 0, got NaN.");
    assertThatThrownBy(() -> Losses.gaussian(new double[0], TARGETS))
        .hasMessage("Expected at least one sigma, got none.");
  }
}
