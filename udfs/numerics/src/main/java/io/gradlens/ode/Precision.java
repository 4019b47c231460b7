package io.gradlens.ode;

import io.gradlens.kernel.Real;

/** The size of a state's numbers. */
@Real
final class Precision {

  /** Bytes a number. */
  static final int BYTES = isSingle() ? Float.BYTES : Double.BYTES;

  private Precision() {}

  // Not a constant expression: javac 17 fails on an annotation in one that another class reads.
  private static boolean isSingle() {
    @Real double tenth = (@Real double) 0.1;
    return tenth != 0.1;
  }
}
