package org.nd4j.nativeblas;

/**
 * Stands where DL4J M2.1 looks for ND4J's CPU binding.
 *
 * <p>{@code org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper} asks the class {@code
 * org.nd4j.nativeblas.Nd4jCpu$Environment} by reflection whether oneDNN may be used. ND4J moved
 * that class to {@code org.nd4j.linalg.cpu.nativecpu.bindings}, the look-up fails without a word,
 * and every convolution falls back to im2col and a matrix product: 7 times slower on VGG19. This
 * class answers in the old place. DL4J asks only where the backend is the CPU's; a binary built
 * without oneDNN runs the same operations by its own kernels.
 *
 * <p>Not for use by other code: {@code io.gradlens.model.NativeBackend} is the switch.
 */
public final class Nd4jCpu {

  private Nd4jCpu() {}

  /** The part of the old binding that DL4J asks, with the names that it asks for. */
  public static final class Environment {

    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return true;
    }
  }
}
