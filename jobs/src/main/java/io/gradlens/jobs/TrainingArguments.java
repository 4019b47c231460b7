package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.train.Curriculum;
import io.gradlens.train.LearningRate;
import io.gradlens.train.LocalSteps;
import io.gradlens.train.Optimizers;
import io.gradlens.train.TrainingOptions;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.Windowing;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** How parameters are fitted: the options of {@code ode-train} that are the optimiser's. */
final class TrainingArguments {

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
      names = "--batch",
      paramLabel = "N",
      defaultValue = "0",
      description = "Windows an iteration, drawn anew each time; 0 for all. Default: 0.")
  long batch;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Consecutive points of a window, from any point on; 0 for whole trajectories. Default: 0.")
  int window;

  @Option(
      names = "--curriculum",
      paramLabel = "FIRST:N",
      description =
          "Count the first points of a window only, FIRST at first, and all after N iterations.")
  String curriculum;

  @Option(
      names = "--local-steps",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Let every partition take K steps by itself, then average. Faster where scheduling"
              + " dominates; above 1 the result depends on the partitions. Default: 1.")
  int localSteps;

  @Option(
      names = "--validation-fraction",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Hold out so many trajectories, by a hash of their ids. With 0 the validation loss is that"
              + " of all trajectories. Default: ${DEFAULT-VALUE}.")
  double validationFraction;

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

  @Option(
      names = "--block-size",
      paramLabel = "N",
      defaultValue = "" + TrajectoryBlock.SIZE,
      description =
          "Trajectories computed and summed together; results depend on it to rounding. Default:"
              + " ${DEFAULT-VALUE}.")
  int blockSize;

  /**
   * @throws UserInputException if a number is out of range, or options do not go together
   */
  TrainingOptions options() {
    if (isLbfgs() && (batch > 0 || curriculum != null || clipNorm != null || localSteps > 1)) {
      throw new UserInputException(
          "Optimizer lbfgs needs the same objective in every iteration: leave --batch, --curriculum, --clip-norm and --local-steps out, or take adam.");
    }
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw new UserInputException(
          "Option --validation-fraction must be at least 0 and below 1, got %s."
              .formatted(validationFraction));
    }
    if (batch < 0 || batch > Integer.MAX_VALUE || blockSize < 1) {
      throw new UserInputException(
          "Option --batch must be from 0 to %d and --block-size at least 1, got %d and %d."
              .formatted(Integer.MAX_VALUE, batch, blockSize));
    }
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

  Windowing windowing(int leastPoints) {
    return checked(() -> new Windowing(window, leastPoints));
  }

  /**
   * @param longest the points of the longest trajectory
   */
  Curriculum curriculum(int longest) {
    if (curriculum == null) {
      return Curriculum.none();
    }
    String[] parts = curriculum.split(":");
    try {
      int all = window == 0 ? longest : window;
      return new Curriculum(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), all);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new UserInputException(
          "Option --curriculum takes points and iterations, as 10:500, got '%s'."
              .formatted(curriculum),
          e);
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  private static <T> T checked(java.util.function.Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  /** What θ depends on, by option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("optimizer", optimizer);
    settings.put("learning-rate", String.valueOf(learningRate));
    settings.put("momentum", Double.toString(momentum));
    settings.put("weight-decay", Double.toString(weightDecay));
    settings.put("schedule", schedule + " " + decay + " " + decayEvery);
    settings.put("warm-up", Integer.toString(warmUp));
    settings.put("clip-norm", String.valueOf(clipNorm));
    settings.put("iterations", Integer.toString(iterations));
    settings.put("batch", Long.toString(batch));
    settings.put("window", Integer.toString(window));
    settings.put("curriculum", String.valueOf(curriculum));
    settings.put("local-steps", Integer.toString(localSteps));
    settings.put("validation-fraction", Double.toString(validationFraction));
    settings.put("validate-every", Integer.toString(validateEvery));
    settings.put("early-stopping", Integer.toString(earlyStopping));
    settings.put("checkpoint-every", Integer.toString(checkpointEvery));
    settings.put("max-failure-fraction", Double.toString(maxFailureFraction));
    settings.put("block-size", Integer.toString(blockSize));
    return settings;
  }
}
