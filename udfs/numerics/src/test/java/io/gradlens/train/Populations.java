package io.gradlens.train;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.field.ExpressionField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Predators and prey of known parameters, observed at irregular times, now and then not. */
final class Populations {
  static final double[] TRUTH = {1.3, 0.9, 0.8, 1.8};

  private Populations() {}

  static ExpressionField field(double... theta) {
    ExpressionField field =
        ExpressionField.parse(
            "dx = a*x - b*x*y; dy = c*x*y - d*y", Map.of("a", 1., "b", 1., "c", 1., "d", 1.));
    field.setTheta(theta);
    return field;
  }

  static OdeSolve solve() {
    return OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-6, 1e-8))
        .maxSteps(1000);
  }

  /** Named after their numbers, in no order. */
  static List<ObservedTrajectory> observed(int count, double noise, long seed) {
    Random random = new Random(seed);
    List<ObservedTrajectory> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int points = 6 + random.nextInt(10);
      double[] t = new double[points];
      for (int j = 1; j < points; j++) {
        t[j] = t[j - 1] + 0.05 + 0.3 * random.nextDouble();
      }
      double[] y0 = {0.5 + 2 * random.nextDouble(), 0.5 + random.nextDouble()};
      Solution solution = solve().solve(field(TRUTH), Trajectories.of(2, y0, t));
      double[] y = solution.ys(0).clone();
      for (int j = 0; j < y.length; j++) {
        y[j] *= Math.exp(noise * random.nextGaussian());
        if (j > 1 && random.nextInt(20) == 0) {
          y[j] = Double.NaN;
        }
      }
      all.add(new ObservedTrajectory("trajectory-%05d".formatted(i * 7919 % count), t, y));
    }
    return all;
  }

  static BatchLoss.Factory loss() {
    return () -> new FieldLoss(new SolverEngine(field(1, 1, 1, 1), solve()), Losses::meanSquared);
  }

  static long windows(List<TrajectoryBlock> blocks, Windowing windowing) {
    return blocks.stream().mapToLong(block -> block.windows(windowing)).sum();
  }

  /**
   * Blocks of 16; a batch is of windows of five points, or 0 for whole trajectories, all of them.
   */
  static LocalWorkforce workforce(List<ObservedTrajectory> data, long batch, int threads) {
    Windowing windowing = new Windowing(batch == 0 ? 0 : 5, 2);
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, 16, windowing);
    Sampling sampling =
        new Sampling(windowing, windows(blocks, windowing), batch, Curriculum.none(), 9);
    return new LocalWorkforce(blocks, sampling, blocks, loss(), threads);
  }

  static double[] range(int n) {
    return IntStream.range(0, n).mapToDouble(i -> i).toArray();
  }
}
