package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;

/** What the {@link ClassicalSystems} share: a size and parameters. */
@Real
abstract class ClassicalField implements DifferentiableField {
  private final int dim;
  private final double[] theta;

  ClassicalField(int dim, double[] theta) {
    this.dim = dim;
    this.theta = theta.clone();
  }

  /** A parameter in the precision of the state. */
  final @Real double parameter(int i) {
    return (@Real double) theta[i];
  }

  @Override
  public final int dim() {
    return dim;
  }

  @Override
  public final int params() {
    return theta.length;
  }

  @Override
  public final double[] theta() {
    return theta.clone();
  }

  @Override
  public final void setTheta(double[] values) {
    if (values.length != theta.length) {
      throw new IllegalArgumentException(
          "Cannot set %d parameters: the field has %d.".formatted(values.length, theta.length));
    }
    System.arraycopy(values, 0, theta, 0, theta.length);
  }
}
