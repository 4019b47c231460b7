package io.gradlens.train;

import java.util.Arrays;
import java.util.List;

/**
 * The training loop: loss and gradient from a {@link Workforce}, a step by an {@link Optimizer}.
 *
 * <p>Where a loss cannot be computed, because the field diverges, more windows than allowed fail or
 * a number is not finite, the trainer backs off: it returns to the θ where the loss could last be
 * computed, halves all learning rates from then on, and steps from there again. After {@value
 * #MOST_BACK_OFFS} such steps in a row it gives up, with a checkpoint of that θ.
 *
 * <p>The same data, seed and options give the same θ to the last bit: whoever computes, however
 * blocks are divided among them, and whether training was interrupted and resumed or not. {@link
 * TrainingOptions#localSteps} above 1 are exempt from the second.
 */
public final class Trainer {

  /** So many steps back in a row end training. */
  public static final int MOST_BACK_OFFS = 8;

  private final TrainingOptions options;
  private final LocalSteps.OptimizerFactory factory;
  private final Optimizer optimizer;
  private final Workforce workforce;
  private final TrainingObserver observer;
  private final TrainingState state;
  private final double secondsBefore;

  /** What the step before evaluated, where the next has the same objective. */
  private List<IterationObjective.Known> before = List.of();

  private final long startNanos = System.nanoTime();

  private Trainer(
      TrainingOptions options,
      LocalSteps.OptimizerFactory factory,
      Workforce workforce,
      TrainingObserver observer,
      TrainingState state) {
    this.options = options;
    this.factory = factory;
    this.workforce = workforce;
    this.observer = observer;
    this.state = state;
    optimizer = factory.get();
    if (state.optimizer == null) {
      state.optimizer = optimizer.state();
    } else {
      optimizer.restore(state.optimizer);
    }
    int done = state.history.size();
    secondsBefore = done == 0 ? 0 : state.history.get(done - 1).seconds();
  }

  /**
   * Training from the beginning.
   *
   * @param theta where θ begins; copied
   */
  public static Trainer start(
      TrainingOptions options,
      LocalSteps.OptimizerFactory optimizer,
      Workforce workforce,
      TrainingObserver observer,
      double[] theta) {
    TrainingState state = new TrainingState();
    state.theta = theta.clone();
    return new Trainer(options, optimizer, workforce, observer, state);
  }

  /**
   * Training from a checkpoint on, as if it had never stopped.
   *
   * @param checkpoint what {@link TrainingObserver#checkpoint} was given
   * @throws IllegalArgumentException if it is damaged
   */
  public static Trainer resume(
      TrainingOptions options,
      LocalSteps.OptimizerFactory optimizer,
      Workforce workforce,
      TrainingObserver observer,
      String checkpoint) {
    return new Trainer(options, optimizer, workforce, observer, CheckpointText.read(checkpoint));
  }

  /**
   * Trains until all iterations are done or early stopping ends it.
   *
   * @return θ
   * @throws TrainingFailedException if backing off does not help
   */
  public double[] run() {
    while (state.iteration < options.iterations() && !hasStoppedEarly()) {
      int first = state.iteration;
      HistoryRow row = options.localSteps() == 1 ? step(first) : round(first);
      state.iteration = row.iteration();
      row = validated(row, first);
      state.history.add(row);
      observer.iterationDone(row);
      if (isDue(options.checkpointEvery(), first)) {
        checkpoint();
      }
    }
    return theta();
  }

  private boolean hasStoppedEarly() {
    return options.patience() > 0 && state.sinceBest >= options.patience();
  }

  /** Whether a multiple was reached since an iteration. */
  private boolean isDue(int every, int first) {
    return every > 0
        && (state.iteration / every > first / every || state.iteration >= options.iterations());
  }

  private void checkpoint() {
    state.optimizer = optimizer.state();
    observer.checkpoint(state.iteration, CheckpointText.write(state), history());
  }

  private HistoryRow step(int iteration) {
    IterationObjective objective =
        new IterationObjective(
            workforce, iteration, options.maxFailureFraction(), state.theta, before);
    TrainingState.Point here = new TrainingState.Point(state.theta.clone(), optimizer.state());
    double loss =
        optimizer.step(
            state.theta,
            new GradientClipping(objective, options.clipNorm()),
            learningRate(iteration));
    before = objective.known();
    return settle(
        here, iteration + 1, loss, objective.norm(), objective.nfe(), objective.trouble());
  }

  private HistoryRow round(int first) {
    int steps = Math.min(options.localSteps(), options.iterations() - first);
    double[] rates = new double[steps];
    for (int step = 0; step < steps; step++) {
      rates[step] = learningRate(first + step);
    }
    TrainingState.Point here = new TrainingState.Point(state.theta.clone(), optimizer.state());
    LocalSteps.Outcome outcome =
        workforce.localSteps(
            here.theta(),
            here.optimizer(),
            first,
            new LocalSteps.Rule(factory, options.clipNorm(), rates, options.maxFailureFraction()));
    if (Double.isFinite(outcome.loss())) {
      state.theta = outcome.theta();
      optimizer.restore(outcome.state());
    }
    return settle(
        here,
        first + steps,
        outcome.loss(),
        outcome.gradientNorm(),
        outcome.nfe(),
        "a local step failed");
  }

  private double learningRate(int iteration) {
    return options.learningRate().at(iteration) * state.learningRateScale;
  }

  /**
   * Keeps what was good, or goes back to it; only a step that worked makes up for those that did
   * not.
   */
  private HistoryRow settle(
      TrainingState.Point here, int iteration, double loss, double norm, long nfe, String trouble) {
    if (Double.isFinite(loss)) {
      boolean isElsewhere = state.good == null || !Arrays.equals(state.good.theta(), here.theta());
      state.backOffs = isElsewhere ? 0 : state.backOffs;
      state.good = here;
      return new HistoryRow(iteration, loss, Double.NaN, norm, nfe, seconds());
    }
    backOff(iteration, trouble);
    return new HistoryRow(iteration, Double.NaN, Double.NaN, Double.NaN, nfe, seconds());
  }

  private void backOff(int iteration, String trouble) {
    if (state.good == null) {
      throw new TrainingFailedException(
          "The loss cannot be computed at the first parameters: %s. Begin with others, loosen the tolerances or shorten the windows."
              .formatted(trouble));
    }
    if (state.backOffs == MOST_BACK_OFFS) {
      state.theta = state.good.theta().clone();
      optimizer.restore(state.good.optimizer());
      checkpoint();
      throw new TrainingFailedException(
          "Training diverges at iteration %d, and %d steps back did not help: %s. Lower the learning rate, clip gradients, or begin with shorter windows; the last checkpoint has the parameters before."
              .formatted(iteration, MOST_BACK_OFFS, trouble));
    }
    state.backOffs++;
    state.learningRateScale /= 2;
    state.theta = state.good.theta().clone();
    optimizer.restore(state.good.optimizer());
    observer.backedOff(iteration, trouble, state.learningRateScale);
  }

  private HistoryRow validated(HistoryRow row, int first) {
    if (!isDue(options.validateEvery(), first)) {
      return row;
    }
    LossSum sum = workforce.validate(state.theta, row.iteration());
    double loss = sum.isUsable(options.maxFailureFraction()) ? sum.meanLoss() : Double.NaN;
    if (loss < state.bestLoss) {
      state.best = state.theta.clone();
      state.bestLoss = loss;
      state.sinceBest = 0;
    } else {
      state.sinceBest++;
    }
    return new HistoryRow(
        row.iteration(), row.loss(), loss, row.gradientNorm(), row.nfe(), seconds());
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /** The result so far: with early stopping the θ of the lowest validation loss, else the last. */
  public double[] theta() {
    boolean takesBest = options.patience() > 0 && state.best != null;
    return (takesBest ? state.best : state.theta).clone();
  }

  /** All iterations, those before a resumption too. */
  public List<HistoryRow> history() {
    return List.copyOf(state.history);
  }
}
