package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.train.BatchLoss;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;

/** What training makes small, and which parameters it moves. */
public sealed interface TrainingLoss extends Serializable
    permits SolutionLoss, DensityLoss, LatentLoss {

  /** As the command line has it. */
  String option();

  /**
   * Checks that it can be computed for a field.
   *
   * @throws UserInputException if it cannot
   */
  void check(FieldFile file);

  /** Why {@link Engine#ND4J} cannot compute it; null where it can. */
  default String missingOfNd4j() {
    return "it computes losses of solutions, not " + option();
  }

  /** The fewest points of a window. */
  int leastPoints();

  /** How many components an observation has. */
  default int observed(FieldFile file) {
    return file.field().observed();
  }

  /** All that is learned, as the file has it, {@code [p]}. */
  default double[] theta(FieldFile file) {
    return file.field().theta();
  }

  /**
   * A file with what was learned.
   *
   * @param theta begins with the parameters of {@link #theta}
   */
  default FieldFile learned(FieldFile file, double[] theta) {
    return file.withTheta(Arrays.copyOf(theta, theta(file).length));
  }

  /**
   * Makes a loss for one thread.
   *
   * @param learnedInitial how many trajectories' initial states are learned, too; 0 for none
   * @throws IllegalArgumentException if it cannot be computed with the solver
   */
  BatchLoss make(FieldFile file, SolverOptions solver, int learnedInitial);

  /** By option name. */
  Map<String, String> settings();
}
