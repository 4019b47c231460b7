package io.gradlens.samples;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.MlpShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Trajectories of known systems, seen at irregular times, with noise and gaps. */
final class SampleTrajectories {

  /** The network of the neural-ODE paper's spiral demo, 2-50-2 with tanh on y³. */
  static final MlpShape NETWORK = MlpShape.of(2, Activation.TANH, 50).withPower(3);

  private static final int SPIRALS = 64;
  private static final int PREY = 12;

  /**
   * What was observed of one.
   *
   * @param states at each of the times; NaN where nothing was seen
   */
  record Observed(String id, double[] times, double[][] states) {}

  private SampleTrajectories() {}

  /** Initial weights of the network, as the demo draws them. */
  static double[] theta() {
    return NETWORK.normal(0.1, 1);
  }

  /**
   * Pieces of spirals dy/dt = (y³)A, A = [[−0.1, 2], [−2, −0.1]], 6 to 14 points long; one number
   * in twenty after the first point is missing. The last three cannot be solved: one has a single
   * point, one has its times out of order, and one starts nowhere.
   */
  static List<Observed> spirals() {
    DifferentiableField truth =
        ExpressionField.parse(
            "dx = a*x^3 + c*y^3; dy = b*x^3 + d*y^3",
            Map.of("a", -0.1, "b", 2.0, "c", -2.0, "d", -0.1));
    Random random = new Random(20);
    List<Observed> spirals = new ArrayList<>();
    for (int i = 0; i < SPIRALS - 3; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = 0.8 + 1.2 * random.nextDouble();
      double[] y0 = {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
      double[] times = times(random, 6 + random.nextInt(9), 0.4);
      Observed seen = observed("spiral-%02d".formatted(i), truth, y0, times, 0.01, random);
      for (int point = 1; point < times.length; point++) {
        if (random.nextInt(10) == 0) {
          seen.states()[point][random.nextInt(2)] = Double.NaN;
        }
      }
      spirals.add(seen);
    }
    double[] somewhere = {1, 1};
    spirals.add(new Observed("one-point", new double[] {0}, new double[][] {somewhere}));
    spirals.add(
        new Observed(
            "out-of-order",
            new double[] {0, 0.2, 0.1},
            new double[][] {somewhere, somewhere, somewhere}));
    spirals.add(
        new Observed(
            "starts-nowhere", new double[] {0, 0.1}, new double[][] {{1, Double.NaN}, somewhere}));
    return spirals;
  }

  /** Hares and lynxes of made-up valleys, once a year, 5 % off. */
  static List<Observed> preyAndPredators() {
    DifferentiableField truth = ClassicalSystems.LOTKA_VOLTERRA.field();
    Random random = new Random(21);
    List<Observed> valleys = new ArrayList<>();
    for (int i = 0; i < PREY; i++) {
      double[] y0 = {20 + 30 * random.nextDouble(), 3 + 10 * random.nextDouble()};
      double[] years = new double[15 + random.nextInt(7)];
      Arrays.setAll(years, year -> 1900 + year);
      Observed seen = observed("valley-%02d".formatted(i), truth, y0, years, 0, random);
      for (double[] state : seen.states()) {
        for (int d = 0; d < state.length; d++) {
          // As trappers count them: tenths of a thousand.
          double counted = state[d] * StrictMath.exp(0.05 * random.nextGaussian());
          state[d] = Math.round(10 * counted) / 10.0;
        }
      }
      valleys.add(seen);
    }
    return valleys;
  }

  /** From 0 to the end, in between as chance has it. */
  private static double[] times(Random random, int count, double end) {
    double[] times = new double[count];
    for (int i = 1; i < count; i++) {
      times[i] = end * (i - 0.4 + 0.8 * random.nextDouble()) / count;
    }
    return times;
  }

  private static Observed observed(
      String id,
      DifferentiableField truth,
      double[] y0,
      double[] times,
      double noise,
      Random random) {
    Solution solution =
        OdeSolve.with(Tableaus.named("dop853"), StepSizeController.adaptive(1e-10, 1e-12))
            .solve(truth, Trajectories.of(y0.length, y0, times));
    double[][] states = new double[times.length][y0.length];
    for (int i = 0; i < times.length; i++) {
      for (int d = 0; d < y0.length; d++) {
        double exact = solution.y(0, i, d);
        // Eight digits, so that no processor's last bit shows.
        states[i][d] = Math.rint((exact + noise * random.nextGaussian()) * 1e8) / 1e8;
      }
    }
    return new Observed(id, times, states);
  }
}
