package io.gradlens.benchmarks;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.Curriculum;
import io.gradlens.train.FieldLoss;
import io.gradlens.train.HistoryRow;
import io.gradlens.train.LearningRate;
import io.gradlens.train.LocalWorkforce;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Optimizers;
import io.gradlens.train.Sampling;
import io.gradlens.train.SolverEngine;
import io.gradlens.train.Trainer;
import io.gradlens.train.TrainingObserver;
import io.gradlens.train.TrainingOptions;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.TrajectoryBlocks;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The spiral demo for ten seeds, of weights and of windows: mean absolute errors of the whole
 * spiral, median, least and most, every 100 iterations.
 *
 * <p>Usage: SpiralTraining [constant | cosine]
 */
public final class SpiralTraining {
  private static final int SEEDS = 10;
  private static final int ITERATIONS = 2000;
  private static final MlpShape SHAPE = MlpShape.of(2, Activation.TANH, 50).withPower(3);
  private static final OdeSolve SOLVE =
      OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-7, 1e-9));

  private SpiralTraining() {}

  public static void main(String[] args) {
    boolean isCosine = args.length > 0 && args[0].equals("cosine");
    LearningRate rate =
        isCosine ? LearningRate.cosine(1e-3, ITERATIONS) : LearningRate.constant(1e-3);
    double[][] losses = new double[SEEDS][];
    for (int seed = 0; seed < SEEDS; seed++) {
      losses[seed] = losses(rate, seed);
    }
    for (int k = 0; k < losses[0].length; k++) {
      int at = k;
      double[] sorted = Arrays.stream(losses).mapToDouble(run -> run[at]).sorted().toArray();
      System.out.printf(
          "%4d  %.3f (%.3f, %.3f)%n",
          100 * (k + 1),
          (sorted[SEEDS / 2 - 1] + sorted[SEEDS / 2]) / 2,
          sorted[0],
          sorted[SEEDS - 1]);
    }
  }

  private static double[] losses(LearningRate rate, long seed) {
    Windowing windowing = new Windowing(10, 2);
    List<TrajectoryBlock> blocks =
        TrajectoryBlocks.of(List.of(spiral()), TrajectoryBlock.SIZE, windowing);
    Sampling sampling =
        new Sampling(windowing, blocks.get(0).windows(windowing), 20, Curriculum.none(), seed);
    double[] theta = SHAPE.normal(0.1, seed);
    try (Workforce workforce =
        new LocalWorkforce(
            blocks,
            sampling,
            blocks,
            () ->
                new FieldLoss(new SolverEngine(new Mlp(SHAPE, theta), SOLVE), Losses::meanAbsolute),
            1)) {
      Trainer trainer =
          Trainer.start(
              TrainingOptions.of(ITERATIONS, rate).validating(100, 0),
              () -> Optimizers.RMSPROP.with(theta.length, 0, 0),
              workforce,
              new TrainingObserver() {},
              theta);
      trainer.run();
      List<HistoryRow> history = trainer.history();
      System.out.printf("seed %d: %.2f s%n", seed, history.get(ITERATIONS - 1).seconds());
      return history.stream()
          .mapToDouble(HistoryRow::validationLoss)
          .filter(Double::isFinite)
          .toArray();
    }
  }

  private static ObservedTrajectory spiral() {
    ExpressionField field =
        ExpressionField.parse("dx = -0.1*x^3 - 2*y^3; dy = 2*x^3 - 0.1*y^3", Map.of());
    double[] t = new double[1000];
    Arrays.setAll(t, i -> 25.0 * i / 999);
    return new ObservedTrajectory(
        "spiral", t, SOLVE.solve(field, Trajectories.of(2, new double[] {2, 0}, t)).ys(0));
  }
}
