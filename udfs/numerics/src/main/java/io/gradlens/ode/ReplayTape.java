package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/** Records only (t, y), and lets the field's own vector–Jacobian product evaluate again. */
@Real
final class ReplayTape implements Tape {
  private final DifferentiableField field;
  private final int lanes;
  private final double[][] times;
  private final @Real double[][] states;
  private final ThetaGradient thetaGradient;
  private final @Real double[] gradTheta;

  ReplayTape(DifferentiableField field, int lanes, int slots, ThetaGradient thetaGradient) {
    this.field = field;
    this.lanes = lanes;
    this.thetaGradient = thetaGradient;
    times = new double[slots][lanes];
    states = new @Real double[slots][field.dim() * lanes];
    gradTheta =
        thetaGradient == ThetaGradient.NONE ? null : new @Real double[field.params() * lanes];
  }

  @Override
  public void apply(int slot, double[] t, @Real double[] y, @Real double[] dydt) {
    System.arraycopy(t, 0, times[slot], 0, lanes);
    System.arraycopy(y, 0, states[slot], 0, states[slot].length);
    field.apply(t, y, dydt);
  }

  @Override
  public void vjp(int slot, @Real double[] cotangent, @Real double[] gradY, double[] gradT) {
    field.vjp(times[slot], states[slot], cotangent, gradY, gradTheta, gradT);
  }

  @Override
  public void addThetaGradient(double[] sum) {
    switch (thetaGradient) {
      case NONE -> {}
      case PER_TRAJECTORY -> {
        for (int i = 0; i < gradTheta.length; i++) {
          sum[i] += gradTheta[i];
        }
      }
      case SUM -> {
        for (int p = 0; p < field.params(); p++) {
          double total = 0;
          for (int l = 0; l < lanes; l++) {
            total += gradTheta[p * lanes + l];
          }
          sum[p] += total;
        }
      }
    }
    if (gradTheta != null) {
      Arrays.fill(gradTheta, 0);
    }
  }

  @Override
  public long bytes() {
    long slots = times.length;
    return slots * lanes * (Double.BYTES + (long) field.dim() * Precision.BYTES);
  }
}
