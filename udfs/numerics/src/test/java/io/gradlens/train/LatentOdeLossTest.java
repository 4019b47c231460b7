package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatentOdeLossTest {
  private static final MlpShape FIELD = MlpShape.of(3, Activation.ELU, 6);
  private static final LatentShape SHAPE = new LatentShape(2, 3, 5, 7);
  private static final OdeSolve SOLVE =
      OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(0.1));

  private static LatentOdeLoss loss() {
    return new LatentOdeLoss(field(), SOLVE, SHAPE, 0.3, 1);
  }

  private static Mlp field() {
    return new Mlp(FIELD, FIELD.glorot(3));
  }

  /** The field's parameters, and then the networks'. */
  private static double[] theta(MlpShape field, LatentShape shape) {
    double[] theta = Arrays.copyOf(field.glorot(3), field.params() + shape.params());
    System.arraycopy(shape.draw(2), 0, theta, field.params(), shape.params());
    return theta;
  }

  private static List<Window> windows(int count) {
    Random random = new Random(5);
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] t = IntStream.range(0, 6).mapToDouble(j -> 0.25 * j).toArray();
      double[] y = random.doubles(12, -1, 1).toArray();
      y[5] = Double.NaN;
      windows.add(new Window(new ObservedTrajectory("t" + i, t, y), i, 0, 6));
    }
    return windows;
  }

  /** Encoder, field and decoder at once: every parameter, with the noise of one iteration. */
  @Test
  void gradientMatchesCentralDifferences() {
    LatentOdeLoss loss = loss();
    double[] theta = theta(FIELD, SHAPE);
    List<Window> windows = windows(3);
    LossSum sum = new LossSum(theta.length);
    loss.gradient(theta, windows, 4, sum);
    double[] gradient = new double[theta.length];
    sum.meanGradient(gradient);
    for (int p = 0; p < theta.length; p++) {
      double[] values = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = theta.clone();
        moved[p] += side == 0 ? -1e-5 : 1e-5;
        LossSum there = new LossSum(theta.length);
        loss.gradient(moved, windows, 4, there);
        values[side] = there.meanLoss();
      }
      assertThat(gradient[p])
          .as("parameter %d", p)
          .isCloseTo((values[1] - values[0]) / 2e-5, within(1e-6 * (1 + Math.abs(gradient[p]))));
    }
  }

  /** Other noise in another iteration, so no two of them have one objective. */
  @Test
  void whatIsDrawnDependsOnTheIteration() {
    LatentOdeLoss loss = loss();
    double[] theta = theta(FIELD, SHAPE);
    LossSum first = new LossSum(theta.length);
    loss.gradient(theta, windows(1), 4, first);
    LossSum second = new LossSum(theta.length);
    loss.gradient(theta, windows(1), 5, second);
    assertThat(second.meanLoss()).isNotEqualTo(first.meanLoss());
    assertThat(loss.isRandom()).isTrue();
    BatchLoss.Factory factory = LatentOdeLossTest::loss;
    Windowing whole = new Windowing(0, 2);
    Sampling all = Sampling.everything(whole, 1);
    try (Workforce workforce = new LocalWorkforce(List.of(), all, List.of(), factory, 1)) {
      assertThat(all.isComplete()).isTrue();
      assertThat(workforce.isSameEveryIteration()).isFalse();
    }
  }

  @Test
  void fieldAndNetworksHaveToFit() {
    assertThatThrownBy(() -> new LatentOde(field(), SOLVE, new LatentShape(2, 4, 5, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Field of 3 components cannot move a latent state of 4");
    assertThatThrownBy(() -> new LatentShape(2, 4, 0, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 2, 4, 0 and 7");
  }

  /** Four maps W {@code [out][in]}, b {@code [out]}, as torch.nn.Linear has them. */
  @Test
  void parametersAreThoseOfTheLayersInTheirOrder() {
    assertThat(SHAPE.params()).isEqualTo(5 * 9 + 6 * 6 + 7 * 4 + 2 * 8);
    double[] drawn = SHAPE.draw(2);
    assertThat(Arrays.stream(drawn, 0, 45).map(Math::abs).max().orElseThrow())
        .isBetween(0.9 / Math.sqrt(8), 1 / Math.sqrt(8));
    double[] theta = new double[FIELD.params() + SHAPE.params()];
    // Only the decoder's last bias: what it says of any state.
    theta[theta.length - 2] = 3;
    theta[theta.length - 1] = 4;
    LatentOde model = new LatentOde(field(), SOLVE, SHAPE);
    assertThat(model.predict(theta, new double[] {0}, new double[2], new double[] {0, 1}))
        .containsExactly(3, 4, 3, 4);
  }

  @Test
  void aWindowsLossDoesNotDependOnItsNeighbours() {
    LatentOdeLoss loss = loss();
    double[] theta = theta(FIELD, SHAPE);
    LossSum together = new LossSum(theta.length);
    loss.gradient(theta, windows(2), 4, together);
    double apart = 0;
    for (Window window : windows(2)) {
      LossSum alone = new LossSum(theta.length);
      loss.gradient(theta, List.of(window), 4, alone);
      apart += alone.meanLoss();
    }
    assertThat(together.meanLoss() * 2).isEqualTo(apart);
  }

  @Test
  void predictionsBeginAsReconstructionsDoAndGoBeyond() {
    LatentOde model = new LatentOde(field(), SOLVE, SHAPE);
    double[] theta = theta(FIELD, SHAPE);
    Window window = windows(1).get(0);
    double[] near = model.predict(theta, window.times(), window.states(), window.times());
    double[] far =
        model.predict(
            theta, window.times(), window.states(), new double[] {0, .25, .5, .75, 1, 1.25, 9});
    assertThat(far).hasSize(14);
    // The last step of the shorter solve ends at its last time.
    assertThat(Arrays.copyOf(far, 12)).containsExactly(near, within(1e-6));
  }

  /** Circles in both directions, half of whose points are seen: half the error of a constant. */
  @Test
  void circlesAreLearned() {
    Random random = new Random(8);
    List<ObservedTrajectory> data = new ArrayList<>();
    double[] t = IntStream.range(0, 16).mapToDouble(j -> 0.25 * j).toArray();
    for (int i = 0; i < 60; i++) {
      double phase = 2 * Math.PI * random.nextDouble();
      int turn = i % 2 == 0 ? 1 : -1;
      double[] y = new double[2 * t.length];
      for (int j = 0; j < t.length; j++) {
        y[2 * j] = Math.cos(phase + turn * t[j]) + 0.05 * random.nextGaussian();
        y[2 * j + 1] = Math.sin(phase + turn * t[j]) + 0.05 * random.nextGaussian();
      }
      data.add(new ObservedTrajectory("c" + i, t, y));
    }
    OdeSolve solve =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-4, 1e-4))
            .maxSteps(1000);
    MlpShape shape = MlpShape.of(4, Activation.ELU, 16);
    LatentShape networks = new LatentShape(2, 4, 16, 16);
    double[] theta = theta(shape, networks);
    BatchLoss.Factory factory =
        () -> new LatentOdeLoss(new Mlp(shape, shape.glorot(1)), solve, networks, 0.2, 1);
    Windowing whole = new Windowing(0, 2);
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, 64, whole);
    Sampling sampling = new Sampling(whole, 60, 30, Curriculum.none(), 1);
    try (Workforce workforce = new LocalWorkforce(blocks, sampling, blocks, factory, 1)) {
      Trainer trainer =
          Trainer.start(
              TrainingOptions.of(400, LearningRate.cosine(.01, 400)).validating(400, 0),
              () -> Optimizers.ADAM.with(theta.length, 0, 0),
              workforce,
              new TrainingObserver() {},
              theta);
      trainer.run();
      assertThat(trainer.history().get(399).validationLoss()).isLessThan(0.12);
    }
  }
}
