package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.network.Augmentation;
import io.gradlens.network.NetworkOptimizer;
import io.gradlens.network.RateSchedule;
import io.gradlens.network.TrainingMasters;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** How a network is trained: the options of {@code train} that are the optimiser's. */
final class NetworkArguments {

  @Option(
      names = "--augment",
      paramLabel = "LIST",
      defaultValue = "none",
      description =
          "none, or a list of flip, crop:SHARE and shift:PIXELS, as flip,shift:4. Default: none.")
  String augment;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images a step of a worker. Default: ${DEFAULT-VALUE}.")
  int batchSize;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "sgd, nesterov, rmsprop, adam or adamw. Default: ${DEFAULT-VALUE}.")
  String optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.001",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "0.9",
      description = "For nesterov. Default: ${DEFAULT-VALUE}.")
  double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0",
      description = "In the gradient of weights; for adamw apart from it. Default: 0.")
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
      defaultValue = "10",
      description = "Epochs between two steps of step. Default: ${DEFAULT-VALUE}.")
  int decayEvery;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "0",
      description = "Epochs in which the learning rate rises. Default: ${DEFAULT-VALUE}.")
  int warmUp;

  @Option(
      names = "--early-stopping",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Stop after so many epochs without a lower loss, and take the best; 0 for never.")
  int earlyStopping;

  @Option(
      names = "--class-weights",
      paramLabel = "HOW",
      defaultValue = "none",
      description =
          "none, or balanced: classes with few images count as much as others. Default: none.")
  String classWeights;

  @Option(
      names = "--validation-fraction",
      paramLabel = "X",
      defaultValue = "0.1",
      description =
          "Hold out so many images, by a hash of their content. Default: ${DEFAULT-VALUE}.")
  double validationFraction;

  @Option(
      names = "--training-master",
      paramLabel = "NAME",
      defaultValue = "averaging",
      description =
          "How workers share what they learn: averaging of weights after some steps, or sharing of"
              + " gradients by Aeron over UDP. Default: ${DEFAULT-VALUE}.")
  String trainingMaster;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many train at a time; the result depends on it. Default: one a core.")
  Integer workers;

  @Option(
      names = "--averaging-frequency",
      paramLabel = "N",
      defaultValue = "5",
      description = "Steps between two averages of the workers' weights. Default: 5.")
  int averagingFrequency;

  /**
   * @throws UserInputException if a value is not known or out of range
   */
  void check() {
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw new UserInputException(
          "Option --validation-fraction must be at least 0 and below 1, got %s."
              .formatted(validationFraction));
    }
    if (workers != null && workers < 1) {
      throw new UserInputException(
          "Option --workers must be at least 1, got %d.".formatted(workers));
    }
    isBalanced();
    augmentation();
    optimizer();
    schedule().check();
    master();
  }

  /**
   * @throws UserInputException if it is neither none nor balanced
   */
  boolean isBalanced() {
    if (!classWeights.equals("none") && !classWeights.equals("balanced")) {
      throw new UserInputException(
          "Option --class-weights takes none or balanced, got '%s'.".formatted(classWeights));
    }
    return classWeights.equals("balanced");
  }

  Augmentation augmentation() {
    return Augmentation.parse(augment);
  }

  NetworkOptimizer optimizer() {
    return new NetworkOptimizer(optimizer, learningRate, momentum, weightDecay);
  }

  RateSchedule schedule() {
    return new RateSchedule(schedule, decay, decayEvery, warmUp);
  }

  TrainingMasters master() {
    return TrainingMasters.named(trainingMaster);
  }

  /** What the weights depend on, by option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("augment", augmentation().toString());
    settings.put("epochs", Integer.toString(epochs));
    settings.put("batch-size", Integer.toString(batchSize));
    settings.put("optimizer", optimizer);
    settings.put("learning-rate", Double.toString(learningRate));
    settings.put("momentum", Double.toString(momentum));
    settings.put("weight-decay", Double.toString(weightDecay));
    settings.put("schedule", schedule + " " + decay + " " + decayEvery);
    settings.put("warm-up", Integer.toString(warmUp));
    settings.put("early-stopping", Integer.toString(earlyStopping));
    settings.put("class-weights", classWeights);
    settings.put("validation-fraction", Double.toString(validationFraction));
    settings.put("training-master", trainingMaster);
    settings.put("workers", workers == null ? "cores" : workers.toString());
    settings.put("averaging-frequency", Integer.toString(averagingFrequency));
    return settings;
  }
}
