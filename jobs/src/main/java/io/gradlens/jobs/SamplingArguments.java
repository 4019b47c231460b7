package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.train.Curriculum;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.Windowing;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What of the data an iteration of {@code ode-train} looks at, and what is held out. */
final class SamplingArguments {

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
      names = "--validation-fraction",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Hold out so many trajectories, by a hash of their ids. With 0 the validation loss is that"
              + " of all trajectories. Default: ${DEFAULT-VALUE}.")
  double validationFraction;

  @Option(
      names = "--block-size",
      paramLabel = "N",
      defaultValue = "" + TrajectoryBlock.SIZE,
      description =
          "Trajectories computed and summed together; results depend on it to rounding. Default:"
              + " ${DEFAULT-VALUE}.")
  int blockSize;

  /** Whether every iteration takes all windows in whole. */
  boolean isEverything() {
    return batch == 0 && curriculum == null;
  }

  /**
   * @throws UserInputException if a number is out of range
   */
  void check() {
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
  }

  Windowing windowing(int leastPoints) {
    return TrainingArguments.checked(() -> new Windowing(window, leastPoints));
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

  /** What θ depends on, by option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("batch", Long.toString(batch));
    settings.put("window", Integer.toString(window));
    settings.put("curriculum", String.valueOf(curriculum));
    settings.put("validation-fraction", Double.toString(validationFraction));
    settings.put("block-size", Integer.toString(blockSize));
    return settings;
  }
}
