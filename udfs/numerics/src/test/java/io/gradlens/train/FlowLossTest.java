package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowLossTest {
  private static final MlpShape SHAPE = MlpShape.of(1, Activation.TANH, 8).withTime();
  private static final Windowing POINTS = new Windowing(0, 1);

  private static FlowLoss loss() {
    OdeSolve solve =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-5, 1e-5));
    return new FlowLoss(new Mlp(SHAPE, SHAPE.glorot(1)), solve);
  }

  /** The least possible mean of −log p is the entropy, ½ log 2πeσ² = 0.726 for σ = ½. */
  @Test
  void normalDataIsLearnedToItsEntropy() {
    Random random = new Random(7);
    List<ObservedTrajectory> data = new ArrayList<>();
    double squares = 0;
    for (int i = 0; i < 200; i++) {
      double noise = random.nextGaussian();
      squares += noise * noise;
      data.add(new ObservedTrajectory("p" + i, new double[] {0}, new double[] {2 + noise / 2}));
    }
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, 64, POINTS);
    Sampling sampling = new Sampling(POINTS, 200, 0, Curriculum.none(), 1);
    try (Workforce workforce =
        new LocalWorkforce(blocks, sampling, blocks, FlowLossTest::loss, 1)) {
      Trainer trainer =
          Trainer.start(
              TrainingOptions.of(150, LearningRate.cosine(.05, 150)).validating(150, 0),
              () -> Optimizers.ADAM.with(SHAPE.params(), 0, 0),
              workforce,
              new TrainingObserver() {},
              SHAPE.glorot(1));
      trainer.run();
      double least = Math.log(2 * Math.PI * 0.25) / 2 + squares / 200 / 2;
      assertThat(trainer.history().get(149).validationLoss())
          .isBetween(least - .05, least + .03)
          .isLessThan(trainer.history().get(0).loss() - 1);
    }
  }

  @Test
  void pointsOfAnotherDimensionAreRefused() {
    ObservedTrajectory wide = new ObservedTrajectory("w", new double[1], new double[2]);
    assertThatThrownBy(
            () ->
                loss().loss(SHAPE.glorot(1), List.of(new Window(wide, 0, 0, 1)), 0, new LossSum(0)))
        .hasMessage("Point 'w' has 2 components, the field 1.");
  }
}
