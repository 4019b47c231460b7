package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.Event;
import io.gradlens.ode.EventRoot;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.RestartMap;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldLossTest {

  private static List<Window> windows(List<ObservedTrajectory> data) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      windows.add(new Window(data.get(i), i, 0, data.get(i).points()));
    }
    return windows;
  }

  private static FieldLoss loss(double step) {
    OdeSolve solve = OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(step));
    return new FieldLoss(
        new SolverEngine(Populations.field(1, 1, 1, 1), solve), Losses::meanSquared);
  }

  @Test
  void gradientMatchesCentralDifferences() {
    List<Window> windows = windows(Populations.observed(7, .05, 2));
    FieldLoss loss = loss(0.05);
    double[] theta = {1.1, 1.0, .9, 1.5};
    LossSum sum = new LossSum(4);
    loss.gradient(theta, windows, 0, sum);
    double[] gradient = new double[4];
    sum.meanGradient(gradient);
    for (int p = 0; p < 4; p++) {
      double[] values = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = theta.clone();
        moved[p] += side == 0 ? -1e-5 : 1e-5;
        LossSum there = new LossSum(0);
        loss.loss(moved, windows, 0, there);
        values[side] = there.meanLoss();
      }
      assertThat(gradient[p]).isCloseTo((values[1] - values[0]) / 2e-5, within(1e-7));
    }
    LossSum alone = new LossSum(0);
    loss.loss(theta, windows, 0, alone);
    assertThat(alone.meanLoss()).isEqualTo(sum.meanLoss());
    assertThat(alone.nfe()).isLessThan(sum.nfe());
  }

  @Test
  void gradientOfLearnedInitialStatesMatchesCentralDifferences() {
    List<Window> windows = windows(Populations.observed(3, .05, 2));
    List<TrajectoryBlock> blocks =
        TrajectoryBlocks.of(
            windows.stream().map(Window::trajectory).toList(), 64, new Windowing(0, 2));
    FieldLoss loss =
        FieldLoss.learningInitialStates(
            new SolverEngine(
                Populations.field(1, 1, 1, 1),
                OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(.05))),
            Losses::meanSquared,
            3);
    double[] theta =
        FieldLoss.withInitialStates(
            new double[] {1.1, 1.0, .9, 1.5}, 2, blocks, new Windowing(0, 2));
    assertThat(theta).hasSize(10);
    assertThat(theta[6]).isEqualTo(blocks.get(0).trajectories().get(1).y()[0]);
    LossSum sum = new LossSum(10);
    loss.gradient(theta, windows, 0, sum);
    double[] gradient = new double[10];
    sum.meanGradient(gradient);
    for (int p = 0; p < 10; p++) {
      double[] values = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = theta.clone();
        moved[p] += side == 0 ? -1e-5 : 1e-5;
        LossSum there = new LossSum(0);
        loss.loss(moved, windows, 0, there);
        values[side] = there.meanLoss();
      }
      assertThat(gradient[p]).isCloseTo((values[1] - values[0]) / 2e-5, within(1e-7));
    }
    assertThatThrownBy(
            () ->
                loss.loss(
                    theta,
                    List.of(new Window(windows.get(0).trajectory(), 3, 0, 2)),
                    0,
                    new LossSum(0)))
        .hasMessageContaining("3 whole trajectories");
  }

  @Test
  void whatWasNotObservedDoesNotCount() {
    ObservedTrajectory whole = Populations.observed(1, 0, 4).get(0);
    double[] y = whole.y().clone();
    y[2 * whole.points() - 1] = 1e6;
    y[2 * whole.points() - 2] = Double.NaN;
    LossSum spoilt = new LossSum(0);
    loss(.05)
        .loss(
            Populations.TRUTH,
            windows(List.of(new ObservedTrajectory("a", whole.t(), y))),
            0,
            spoilt);
    assertThat(spoilt.meanLoss()).isGreaterThan(1e9);
    y[2 * whole.points() - 1] = Double.NaN;
    LossSum clean = new LossSum(0);
    loss(.05)
        .loss(
            Populations.TRUTH,
            windows(List.of(new ObservedTrajectory("a", whole.t(), y))),
            0,
            clean);
    assertThat(clean.meanLoss()).isBetween(0.0, 1e-6);
  }

  /** A ball that keeps a share e of its speed: both g and e are found, through three bounces. */
  @Test
  void parametersOfFieldAndEventsAreLearnedThroughBounces() {
    double[] t = new double[100];
    for (int j = 0; j < t.length; j++) {
      t[j] = 0.06 * j;
    }
    OdeSolve solve =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-8, 1e-10));
    double[] truth = {9.8, 0.8};
    double[] y =
        solve
            .events(bounce(truth))
            .solve(ball(truth), Trajectories.of(2, new double[] {10, 0}, t))
            .ys(0);
    List<ObservedTrajectory> data = List.of(new ObservedTrajectory("ball", t, y));
    Windowing whole = new Windowing(0, 2);
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, 64, whole);
    Sampling sampling = new Sampling(whole, 1, 0, new Curriculum(15, 200, 100), 0);
    BatchLoss.Factory loss =
        () ->
            new FieldLoss(
                new SolverEngine(ball(truth), solve).withEvents(FieldLossTest::bounce),
                Losses::meanSquared);
    try (Workforce workforce = new LocalWorkforce(blocks, sampling, blocks, loss, 1)) {
      double[] theta =
          Trainer.start(
                  TrainingOptions.of(400, LearningRate.cosine(.02, 400)),
                  () -> Optimizers.ADAM.with(2, 0, 0),
                  workforce,
                  new TrainingObserver() {},
                  new double[] {9, 0.7})
              .run();
      assertThat(theta).containsExactly(truth, within(.01));
    }
  }

  private static ExpressionField ball(double[] theta) {
    ExpressionField field =
        ExpressionField.parse("dh = v; dv = -g + 0*e", Map.of("g", 1., "e", 1.));
    field.setTheta(theta);
    return field;
  }

  /** v⁺ = −e·v⁻ at h = 0.2. */
  private static Event[] bounce(double[] theta) {
    RestartMap restart =
        new RestartMap() {
          @Override
          public void apply(double t, double[] before, double[] after) {
            after[0] = before[0];
            after[1] = -theta[1] * before[1];
          }

          @Override
          public double vjp(
              double t, double[] before, double[] a, double[] gradY, double[] gradTheta) {
            gradY[0] += a[0];
            gradY[1] -= theta[1] * a[1];
            if (gradTheta != null) {
              gradTheta[1] -= before[1] * a[1];
            }
            return 0;
          }
        };
    return new Event[] {Event.of(EventRoot.level(0, 0.2)).falling().restart(restart)};
  }

  @Test
  void failedWindowsAreCountedApart() {
    List<Window> windows = windows(Populations.observed(3, 0, 4));
    LossSum sum = new LossSum(4);
    FieldLoss loss =
        new FieldLoss(
            new SolverEngine(Populations.field(1, 1, 1, 1), Populations.solve().maxSteps(2)),
            Losses::meanSquared);
    loss.gradient(Populations.TRUTH, windows, 0, sum);
    assertThat(sum.failed()).isEqualTo(3);
    assertThat(sum.meanLoss()).isNaN();
    assertThat(sum.isUsable(1)).isFalse();
  }

  @Test
  void augmentedComponentsBeginAtZeroAndAreComparedWithNothing() {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 6).withAugmented(1);
    List<Window> windows = windows(Populations.observed(3, 0, 4));
    FieldLoss loss =
        new FieldLoss(
            new SolverEngine(new Mlp(shape, shape.glorot(1)), Populations.solve()),
            Losses::meanSquared);
    LossSum sum = new LossSum(shape.params());
    loss.gradient(shape.glorot(1), windows, 0, sum);
    assertThat(sum.windows()).isEqualTo(3);
    assertThat(sum.meanLoss()).isPositive().isFinite();
  }

  @Test
  void sharedStepsAndStatesThatAreTooWideAreRefused() {
    OdeSolve shared = Populations.solve().stepControl(StepControl.SHARED);
    assertThatThrownBy(() -> new SolverEngine(Populations.field(1, 1, 1, 1), shared))
        .hasMessageContaining("PER_TRAJECTORY");
    ObservedTrajectory wide = new ObservedTrajectory("w", new double[2], new double[6]);
    assertThatThrownBy(
            () -> loss(.1).loss(Populations.TRUTH, windows(List.of(wide)), 0, new LossSum(0)))
        .hasMessageContaining("'w' has 3 components, the field 2");
  }
}
