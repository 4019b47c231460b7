package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.train.LearningRate;
import io.gradlens.train.LocalSteps;
import io.gradlens.train.Optimizers;
import io.gradlens.train.TrainingOptions;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How parameters are fitted: the options of {@code ode-train} that are the optimiser's. */
final class TrainingArguments {

  @Mixin SamplingArguments sampling;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "sgd, nesterov, rmsprop, adam, adamw or lbfgs. Default: ${DEFAULT-VALUE}.")
  String optimizer;

  @Option(names = "--learning-rate", paramLabel = "X", description = "Default: 0.001; 1 for lbfgs.")
  Double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "0",
      description = "For sgd, nesterov and rmsprop. Default: ${DEFAULT-VALUE}.")
  double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0",
      description = "In the gradient; for adamw apart from it. Default: ${DEFAULT-VALUE}.")
  double weightDecay;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "constant",
      description =
          "Of the learning rate: constant, step, exponential or cosine. Default: ${DEFAULT-VALUE}.")
  String schedule;

  @Option(
      names = "--decay",
      paramLabel = "X",
      defaultValue = "0.5",
      description = "What step and exponential multiply by. Default: ${DEFAULT-VALUE}.")
  double decay;

  @Option(
      names = "--decay-every",
      paramLabel = "N",
      defaultValue = "500",
      description = "Iterations between two steps of step. Default: ${DEFAULT-VALUE}.")
  int decayEvery;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "0",
      description = "Iterations in which the learning rate rises. Default: ${DEFAULT-VALUE}.")
  int warmUp;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "Shorten gradients to this norm. Default: never.")
  Double clipNorm;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Default: ${DEFAULT-VALUE}.")
  int iterations;

  @Option(
      names = "--local-steps",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Let every partition take K steps by itself, then average. Faster where scheduling"
              + " dominates; above 1 the result depends on the partitions. Default: 1.")
  int localSteps;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      defaultValue = "20",
      description = "Iterations between two losses of whole trajectories; 0 for none. Default: 20.")
  int validateEvery;

  @Option(
      names = "--early-stopping",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Stop after so many validations without a lower loss, and take the best; 0 for never.")
  int earlyStopping;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Iterations between two checkpoints; 0 for none. Default: ${DEFAULT-VALUE}.")
  int checkpointEvery;

  @Option(
      names = "--max-failure-fraction",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Take a step back if more of an iteration's windows cannot be solved. Default: 0.")
  double maxFailureFraction;

  /**
   * @throws UserInputException if a number is out of range, or options do not go together
   */
  TrainingOptions options() {
    if (isLbfgs() && (!sampling.isEverything() || clipNorm != null || localSteps > 1)) {
      throw new UserInputException(
          "Optimizer lbfgs needs the same objective in every iteration: leave --batch, --curriculum, --clip-norm and --local-steps out, or take adam.");
    }
    sampling.check();
    optimizer(1).get();
    return checked(
        () ->
            new TrainingOptions(
                iterations,
                schedule(),
                clipNorm == null ? Double.POSITIVE_INFINITY : clipNorm,
                localSteps,
                maxFailureFraction,
                validateEvery,
                earlyStopping,
                checkpointEvery));
  }

  boolean isLbfgs() {
    return optimizer.equals(Optimizers.LBFGS.id());
  }

  private LearningRate schedule() {
    double rate = learningRate != null ? learningRate : isLbfgs() ? 1 : 1e-3;
    LearningRate plain =
        switch (schedule) {
          case "constant" -> LearningRate.constant(rate);
          case "step" -> LearningRate.step(rate, decayEvery, decay);
          case "exponential" -> LearningRate.exponential(rate, decay);
          case "cosine" -> LearningRate.cosine(rate, iterations);
          default ->
              throw new UserInputException(
                  "Schedule '%s' is not known; choose constant, step, exponential or cosine."
                      .formatted(schedule));
        };
    return plain.warmUp(warmUp);
  }

  /**
   * Makes optimizers.
   *
   * @throws UserInputException if there is none of that name, or a number means nothing to it
   */
  LocalSteps.OptimizerFactory optimizer(int params) {
    double mu = momentum;
    double lambda = weightDecay;
    Optimizers which = checked(() -> Optimizers.named(optimizer));
    checked(() -> which.with(params, mu, lambda));
    return () -> which.with(params, mu, lambda);
  }

  static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  /** What θ depends on, by option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(sampling.settings());
    settings.put("optimizer", optimizer);
    settings.put("learning-rate", String.valueOf(learningRate));
    settings.put("momentum", Double.toString(momentum));
    settings.put("weight-decay", Double.toString(weightDecay));
    settings.put("schedule", schedule + " " + decay + " " + decayEvery);
    settings.put("warm-up", Integer.toString(warmUp));
    settings.put("clip-norm", String.valueOf(clipNorm));
    settings.put("iterations", Integer.toString(iterations));
    settings.put("local-steps", Integer.toString(localSteps));
    settings.put("validate-every", Integer.toString(validateEvery));
    settings.put("early-stopping", Integer.toString(earlyStopping));
    settings.put("checkpoint-every", Integer.toString(checkpointEvery));
    settings.put("max-failure-fraction", Double.toString(maxFailureFraction));
    return settings;
  }
}
