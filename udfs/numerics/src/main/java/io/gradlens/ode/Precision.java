package io.gradlens.ode;

import io.gradlens.kernel.Real;

/** The size of a state's numbers. */
@Real
final class Precision {

  /** Whether this is the single-precision twin. */
  private static final boolean SINGLE = (@Real double) 0.1 != 0.1;

  /** Bytes a number. */
  static final int BYTES = SINGLE ? Float.BYTES : Double.BYTES;

  private Precision() {}
}
