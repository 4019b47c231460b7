package io.gradlens.ode.flow;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.DivergenceField;
import java.util.Arrays;

/**
 * A point and the logarithm of the density at it: dz/dt = f(t, z, θ), dℓ/dt = −tr ∂f/∂z.
 *
 * <p>With the exact trace a state is [z, ℓ]; the trace is the sum of eᵢᵀ(∂f/∂z)eᵢ over all d unit
 * vectors. With an estimate a state is [z, v, ℓ], and dℓ/dt = −vᵀ(∂f/∂z)v: the noise v is a part of
 * the state that stays as it is, so that every trajectory brings its own along, whichever lane it
 * is in, and has the same one all the way. The estimate of ℓ is without bias, for z does not depend
 * on v.
 *
 * <p>ℓ is a quadrature. The noise counts as a constant: its components of a gradient are 0.
 *
 * <p>Cost of an evaluation: one of f, and d quadratic forms for the exact trace or 1 for the
 * estimate.
 */
@Real
public final class FlowField implements DifferentiableField {
  private final DivergenceField field;
  private final boolean isExact;
  private final int d;
  private @Real double[] z = {};
  private @Real double[] v;
  private @Real double[] slopes;
  private @Real double[] form;

  private FlowField(DivergenceField field, boolean isExact) {
    this.field = field;
    this.isExact = isExact;
    d = field.dim();
  }

  /** With the exact trace; a state is [z, ℓ]. */
  public static FlowField exact(DivergenceField field) {
    return new FlowField(field, true);
  }

  /**
   * With Hutchinson's estimate of the trace (A stochastic estimator of the trace of the influence
   * matrix, 1990); a state is [z, v, ℓ] with v from {@link Noise}.
   */
  public static FlowField estimated(DivergenceField field) {
    return new FlowField(field, false);
  }

  /** How many components z has. */
  public int points() {
    return d;
  }

  /** Whether the trace is exact, and a state without noise. */
  public boolean isExact() {
    return isExact;
  }

  @Override
  public int dim() {
    return isExact ? d + 1 : 2 * d + 1;
  }

  @Override
  public int quadratures() {
    return 1;
  }

  @Override
  public int params() {
    return field.params();
  }

  @Override
  public int[] tensors() {
    return field.tensors();
  }

  @Override
  public double[] theta() {
    return field.theta();
  }

  @Override
  public void setTheta(double[] theta) {
    field.setTheta(theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    begin(n, y);
    field.apply(t, z, slopes);
    System.arraycopy(slopes, 0, dydt, 0, d * n);
    Arrays.fill(dydt, d * n, dim() * n, 0);
    int log = (dim() - 1) * n;
    for (int probe = 0; probe < probes(); probe++) {
      probe(probe, y, n);
      field.quadraticForm(t, z, v, form);
      for (int l = 0; l < n; l++) {
        dydt[log + l] -= form[l];
      }
    }
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    int n = t.length;
    begin(n, y);
    // The field sees arrays of its own size only, whatever it does with their lengths.
    @Real double[] a = v;
    System.arraycopy(cotangent, 0, a, 0, d * n);
    @Real double[] gradZ = slopes;
    Arrays.fill(gradZ, 0);
    field.vjp(t, z, a, gradZ, gradTheta, gradT);
    int log = (dim() - 1) * n;
    for (int l = 0; l < n; l++) {
      form[l] = -cotangent[log + l];
    }
    for (int probe = 0; probe < probes(); probe++) {
      probe(probe, y, n);
      field.quadraticFormVjp(t, z, v, form, gradZ, gradTheta, gradT);
    }
    for (int i = 0; i < d * n; i++) {
      gradY[i] += gradZ[i];
    }
  }

  private void begin(int n, @Real double[] y) {
    if (z.length != d * n) {
      z = new @Real double[d * n];
      v = new @Real double[d * n];
      slopes = new @Real double[d * n];
      form = new @Real double[n];
    }
    System.arraycopy(y, 0, z, 0, d * n);
  }

  private int probes() {
    return isExact ? d : 1;
  }

  /** The vector of a quadratic form: a unit vector, or the noise. */
  private void probe(int i, @Real double[] y, int n) {
    if (isExact) {
      Arrays.fill(v, 0);
      Arrays.fill(v, i * n, (i + 1) * n, 1);
    } else {
      System.arraycopy(y, d * n, v, 0, d * n);
    }
  }
}
