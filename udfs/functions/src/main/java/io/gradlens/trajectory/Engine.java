package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.device.DeviceSolve;
import io.gradlens.field.FieldFile;
import io.gradlens.field.NetworkDescription;
import io.gradlens.model.NativeBackend;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import java.util.Collections;

/** What solves trajectories and takes their gradients. */
public enum Engine {
  /** {@link #ND4J} where that is faster, else {@link #JAVA}. */
  AUTO,
  /**
   * The kernels of {@code io.gradlens.ode}: everything there is, and the fastest on small states.
   */
  JAVA,
  /** {@code io.gradlens.device}: wide networks, on a GPU where the build is one for GPUs. */
  ND4J;

  /**
   * With all layers and the state at least as wide, arrays of ND4J overtook the Java kernels on a
   * processor (benchmark EngineCrossover, in the README).
   */
  private static final int WIDE = 512;

  /** The same on a GPU, where nobody has measured it. */
  private static final int WIDE_ON_GPU = 128;

  /** What is kept of a block's solves for the way back, however long they are. */
  static final long STEP_BYTES = 64L << 20;

  /** So many numbers an array of the device may have, 4 MB; a solve has some dozens of them. */
  private static final int NUMBERS = 1 << 19;

  /**
   * Looks an engine up.
   *
   * @throws UserInputException if there is none of that name
   */
  public static Engine named(String option) {
    return Arrays.stream(values())
        .filter(engine -> engine.name().equalsIgnoreCase(option))
        .findFirst()
        .orElseThrow(
            () ->
                new UserInputException(
                    "Engine '%s' is not known; choose java, nd4j or auto.".formatted(option)));
  }

  /**
   * Which one it is for a field and a solver: {@link #JAVA} or {@link #ND4J}.
   *
   * @param missing what else is asked for that {@link #ND4J} does not have; null if there is
   *     nothing
   * @throws UserInputException if it is to be {@link #ND4J} and cannot be
   */
  Engine of(FieldFile file, SolverOptions solver, String missing) {
    String reason = missing;
    if (reason == null && !(file.field() instanceof NetworkDescription)) {
      reason = "it solves fields of type mlp, not " + file.field().type();
    }
    if (reason == null) {
      reason = DeviceSolve.unsupported(solver.solve().events(file.newEvents()));
    }
    if (this == ND4J && reason != null) {
      throw new UserInputException(
          "Engine nd4j cannot do this: %s. Take --engine java or auto.".formatted(reason));
    }
    return this == JAVA || reason != null || this == AUTO && !isWide(shape(file)) ? JAVA : ND4J;
  }

  /** The structure of a field's network. */
  static MlpShape shape(FieldFile file) {
    return ((NetworkDescription) file.field()).shape();
  }

  /**
   * How many trajectories are computed together.
   *
   * @param most at most so many
   */
  int atATime(FieldFile file, int most) {
    return this == JAVA ? most : Math.max(1, Math.min(most, NUMBERS / widest(shape(file))));
  }

  private static boolean isWide(MlpShape shape) {
    int narrowest =
        shape.hidden().isEmpty()
            ? shape.dim()
            : Math.min(shape.dim(), Collections.min(shape.hidden()));
    return narrowest >= (NativeBackend.isForGpus() ? WIDE_ON_GPU : WIDE);
  }

  private static int widest(MlpShape shape) {
    return shape.hidden().isEmpty()
        ? shape.dim()
        : Math.max(shape.dim(), Collections.max(shape.hidden()));
  }
}
