package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
  private static final double[] FIRST = {1, 1, 1, 1};
  private static final TrainingObserver NOBODY = new TrainingObserver() {};

  private static LocalSteps.OptimizerFactory optimizer(Optimizers which) {
    return () -> which.with(4, 0, 0);
  }

  private static TrainingOptions options(int iterations) {
    return TrainingOptions.of(iterations, LearningRate.constant(.02));
  }

  private static double[] train(Workforce workforce, TrainingOptions options, Optimizers which) {
    try (workforce) {
      return Trainer.start(options, optimizer(which), workforce, NOBODY, FIRST).run();
    }
  }

  @Test
  void threadsAndTheOrderOfTheDataDoNotChangeABit() {
    List<ObservedTrajectory> data = Populations.observed(150, .05, 1);
    List<ObservedTrajectory> shuffled = new ArrayList<>(data);
    Collections.shuffle(shuffled, new Random(2));
    for (long batch : new long[] {0, 40}) {
      TrainingOptions options = options(batch == 0 ? 10 : 100).validating(10, 0);
      double[] expected = train(Populations.workforce(data, batch, 1), options, Optimizers.ADAM);
      for (int threads : new int[] {2, 5, 10}) {
        assertThat(train(Populations.workforce(shuffled, batch, threads), options, Optimizers.ADAM))
            .as("%d threads, batch %d", threads, batch)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void parametersAreFoundFromNoisyData() {
    List<ObservedTrajectory> data = Populations.observed(100, .01, 6);
    double[] theta = train(Populations.workforce(data, 0, 2), options(60), Optimizers.LBFGS);
    for (int p = 0; p < 4; p++) {
      assertThat(theta[p] / Populations.TRUTH[p]).isCloseTo(1, within(.02));
    }
  }

  @ParameterizedTest
  @EnumSource
  void resumedTrainingEndsWithTheSameBits(Optimizers which) {
    List<ObservedTrajectory> data = Populations.observed(40, .05, 1);
    long batch = which == Optimizers.LBFGS ? 0 : 10;
    TrainingOptions options = options(12).validating(3, 9).checkpointing(4);
    List<String> checkpoints = new ArrayList<>();
    TrainingObserver keeper =
        new TrainingObserver() {
          @Override
          public void checkpoint(int iteration, String text, List<HistoryRow> history) {
            checkpoints.add(text);
          }
        };
    try (Workforce workforce = Populations.workforce(data, batch, 1)) {
      Trainer whole = Trainer.start(options, optimizer(which), workforce, keeper, FIRST);
      double[] expected = whole.run();
      assertThat(checkpoints).hasSize(3);
      for (String checkpoint : checkpoints) {
        Trainer resumed = Trainer.resume(options, optimizer(which), workforce, NOBODY, checkpoint);
        assertThat(resumed.run()).isEqualTo(expected);
        assertThat(resumed.history()).hasSize(12);
        for (int k = 0; k < 12; k++) {
          HistoryRow row = whole.history().get(k);
          assertThat((Double) resumed.history().get(k).loss()).isEqualTo((Double) row.loss());
          assertThat((Double) resumed.history().get(k).validationLoss())
              .isEqualTo((Double) row.validationLoss());
        }
      }
    }
  }

  @Test
  void damagedCheckpointsAreRefused() {
    TrainingState state = new TrainingState();
    state.theta = FIRST;
    state.optimizer = new double[] {Double.NaN, -0.0, Double.MIN_VALUE};
    String text = CheckpointText.write(state);
    assertThat(CheckpointText.read(text).optimizer).isEqualTo(state.optimizer);
    for (String bad :
        List.of(
            "", text.substring(0, text.length() - 3), text.replace("iteration 0", "iteration 1"))) {
      assertThatThrownBy(() -> CheckpointText.read(bad)).hasMessageContaining("CRC-32");
    }
  }

  /** L = (θ − 1.4)², which cannot be computed above 1.5. */
  private static final class Walled implements Workforce {
    @Override
    public LossSum gradient(double[] theta, int iteration) {
      LossSum sum = new LossSum(1);
      if (theta[0] > 1.5) {
        sum.addFailure(10);
      } else {
        sum.add((theta[0] - 1.4) * (theta[0] - 1.4), 1);
        sum.addGradient(new double[] {2 * (theta[0] - 1.4)});
      }
      return sum;
    }

    @Override
    public LossSum validate(double[] theta, int iteration) {
      return gradient(theta, iteration);
    }

    @Override
    public boolean isSameEveryIteration() {
      return false;
    }

    @Override
    public long windowsAnIteration() {
      return 1;
    }

    @Override
    public LocalSteps.Outcome localSteps(
        double[] theta, double[] state, int first, LocalSteps.Rule rule) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void stepsIntoTheUncomputableAreTakenBackAndHalved() {
    List<String> backOffs = new ArrayList<>();
    TrainingObserver observer =
        new TrainingObserver() {
          @Override
          public void backedOff(int iteration, String why, double scale) {
            backOffs.add(iteration + " " + why + " " + scale);
          }
        };
    Trainer trainer =
        Trainer.start(
            TrainingOptions.of(6, LearningRate.constant(2)),
            () -> Optimizers.SGD.with(1, 0, 0),
            new Walled(),
            observer,
            new double[] {-3});
    assertThat(trainer.run()[0]).isCloseTo(1.4, within(1e-15));
    assertThat(backOffs)
        .containsExactly(
            "2 1 of 1 windows could not be solved 0.5",
            "4 1 of 1 windows could not be solved 0.25");
    assertThat(trainer.history().stream().map(HistoryRow::loss))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-14 ? 0 : Double.compare(a, b))
        .containsExactly(19.36, Double.NaN, 19.36, Double.NaN, 19.36, 0.0);
  }

  @Test
  void stepsThatNeverSucceedEndTrainingWithACheckpointOfTheLastGoodOne() {
    List<String> checkpoints = new ArrayList<>();
    TrainingObserver observer =
        new TrainingObserver() {
          @Override
          public void checkpoint(int iteration, String text, List<HistoryRow> history) {
            checkpoints.add(text);
          }
        };
    Trainer trainer =
        Trainer.start(
            TrainingOptions.of(100, LearningRate.constant(1e9)),
            () -> Optimizers.SGD.with(1, 0, 0),
            new Walled(),
            observer,
            new double[] {-3});
    assertThatThrownBy(trainer::run)
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("at iteration 18, and 8 steps back did not help");
    assertThat(CheckpointText.read(checkpoints.get(0)).theta).containsExactly(-3);
  }

  @Test
  void divergingFieldsAreTakenBack() {
    List<ObservedTrajectory> data = Populations.observed(30, 0, 1);
    TrainingOptions options = TrainingOptions.of(30, LearningRate.constant(30));
    try (Workforce workforce = Populations.workforce(data, 0, 1)) {
      Trainer trainer =
          Trainer.start(options, optimizer(Optimizers.ADAM), workforce, NOBODY, FIRST);
      double[] theta = trainer.run();
      assertThat(trainer.history().stream().filter(row -> Double.isNaN(row.loss()))).isNotEmpty();
      assertThat(workforce.gradient(theta, 30).isUsable(0)).isTrue();
    }
  }

  @Test
  void whatNoStepBackHelpsEndsTraining() {
    List<ObservedTrajectory> data = Populations.observed(5, 0, 1);
    try (Workforce workforce = Populations.workforce(data, 0, 1)) {
      double[] hopeless = {-1, 40, -30, -800};
      assertThatThrownBy(
              () ->
                  Trainer.start(options(5), optimizer(Optimizers.SGD), workforce, NOBODY, hopeless)
                      .run())
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageContaining("5 of 5 windows could not be solved");
    }
  }

  @Test
  void earlyStoppingReturnsTheBest() {
    List<ObservedTrajectory> data = Populations.observed(60, .2, 1);
    TrainingOptions options = TrainingOptions.of(300, LearningRate.constant(.3)).validating(1, 5);
    try (Workforce workforce = Populations.workforce(data, 6, 1)) {
      Trainer trainer =
          Trainer.start(options, optimizer(Optimizers.ADAM), workforce, NOBODY, FIRST);
      double[] theta = trainer.run();
      assertThat(trainer.history()).hasSizeLessThan(300);
      double best =
          trainer.history().stream().mapToDouble(HistoryRow::validationLoss).min().getAsDouble();
      assertThat(workforce.validate(theta, 0).meanLoss()).isEqualTo(best);
      assertThat(trainer.history().get(trainer.history().size() - 6).validationLoss())
          .isEqualTo(best);
    }
  }

  @Test
  void localStepsOfOnePartAreStepsInARow() {
    List<ObservedTrajectory> data = Populations.observed(16, .05, 1);
    double[] one = train(Populations.workforce(data, 0, 1), options(12), Optimizers.ADAM);
    double[] local =
        train(Populations.workforce(data, 0, 1), options(12).local(5), Optimizers.ADAM);
    assertThat(local).isEqualTo(one);
  }
}
