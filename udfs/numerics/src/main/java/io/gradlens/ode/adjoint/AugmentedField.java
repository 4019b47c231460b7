package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.VectorField;
import java.util.Arrays;

/**
 * The augmented system of the adjoint method,
 *
 * <p>dz/dt = f(z, t, θ), da_z/dt = −a_zᵀ ∂f/∂z, da_t/dt = −a_zᵀ ∂f/∂t, da_θ/dt = −a_zᵀ ∂f/∂θ.
 *
 * <p>A state is z, a_z, then a_t and a_θ as quadratures. One a trajectory, these are components
 * like any other. Where they are sums over the batch, its numbers are packed into components:
 * number e is component 2d + e/n of trajectory e mod n.
 *
 * <p>Source: Chen et al., Neural Ordinary Differential Equations, 2018, algorithm 1.
 */
@Real
final class AugmentedField implements VectorField {
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;

  /** How many trajectories a_t and a_θ are sums over; 0 where each has its own. */
  private final int packed;

  private final int z;
  private final int quadratures;
  private Tape tape;
  private int lanes;
  private @Real double[] cotangent;
  private @Real double[] gradZ;
  private double[] gradT;
  private double[] gradTheta;

  AugmentedField(DifferentiableField field, ThetaGradient thetaGradient, int packed) {
    this.field = field;
    this.thetaGradient = thetaGradient;
    this.packed = packed;
    z = field.dim();
    int numbers = 1 + (thetaGradient == ThetaGradient.NONE ? 0 : field.params());
    quadratures = packed == 0 ? numbers : (numbers + packed - 1) / packed;
  }

  @Override
  public int dim() {
    return 2 * z + quadratures;
  }

  @Override
  public int quadratures() {
    return quadratures;
  }

  @Override
  public void apply(double[] t, @Real double[] state, @Real double[] slopes) {
    if (t.length != lanes) {
      allocate(t.length);
    }
    int n = z * lanes;
    System.arraycopy(state, n, cotangent, 0, n);
    if (packed > 0) {
      // Lanes that only fill up the width must not count in the sums.
      for (int at = 0; at < n; at += lanes) {
        Arrays.fill(cotangent, at + packed, at + lanes, 0);
      }
    }
    Arrays.fill(gradZ, 0);
    Arrays.fill(gradT, 0);
    tape.apply(0, t, state, slopes);
    tape.vjp(0, cotangent, gradZ, gradT);
    for (int i = 0; i < n; i++) {
      slopes[n + i] = -gradZ[i];
    }
    if (gradTheta != null) {
      Arrays.fill(gradTheta, 0);
      tape.addThetaGradient(gradTheta);
    }
    if (packed > 0) {
      pack(slopes);
    } else {
      spread(slopes);
    }
  }

  private void allocate(int width) {
    lanes = width;
    cotangent = new @Real double[z * lanes];
    gradZ = new @Real double[z * lanes];
    gradT = new double[lanes];
    boolean isSum = packed > 0;
    ThetaGradient kind =
        thetaGradient == ThetaGradient.NONE
            ? ThetaGradient.NONE
            : isSum ? ThetaGradient.SUM : ThetaGradient.PER_TRAJECTORY;
    tape = field.tape(lanes, 1, kind);
    gradTheta =
        switch (kind) {
          case NONE -> null;
          case SUM -> new double[field.params()];
          case PER_TRAJECTORY -> new double[field.params() * lanes];
        };
  }

  private void pack(@Real double[] slopes) {
    double sum = 0;
    for (int l = 0; l < packed; l++) {
      sum += gradT[l];
    }
    slopes[2 * z * lanes] = (@Real double) -sum;
    int params = gradTheta == null ? 0 : gradTheta.length;
    int row = 2 * z;
    int lane = 0;
    for (int p = 0; p < params; p++) {
      if (++lane == packed) {
        lane = 0;
        row++;
      }
      slopes[row * lanes + lane] = (@Real double) -gradTheta[p];
    }
  }

  private void spread(@Real double[] slopes) {
    int at = 2 * z * lanes;
    for (int l = 0; l < lanes; l++) {
      slopes[at + l] = (@Real double) -gradT[l];
    }
    at += lanes;
    int numbers = gradTheta == null ? 0 : gradTheta.length;
    for (int i = 0; i < numbers; i++) {
      slopes[at + i] = (@Real double) -gradTheta[i];
    }
  }
}
