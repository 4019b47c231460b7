package io.gradlens.model;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Sets ND4J and DL4J up the way Gradlens runs them: oneDNN convolutions, and one native thread a
 * task, because parallelism comes from Spark's tasks.
 */
public final class NativeBackend {

  /** DL4J reads it whenever it makes a layer; unset, it means that there are no helpers. */
  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";

  private NativeBackend() {}

  /**
   * Turns DL4J's oneDNN helpers on, unless the user has set DL4J's own system property, and gives
   * native operations one thread each. Call it before the first layer is made: a layer made earlier
   * keeps the slow path. Calling it again changes nothing.
   */
  public static void configure() {
    if (System.getProperty(HELPERS_DISABLED) == null) {
      System.setProperty(HELPERS_DISABLED, "false");
    }
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    Nd4j.getEnvironment().setMaxThreads(1);
  }
}
