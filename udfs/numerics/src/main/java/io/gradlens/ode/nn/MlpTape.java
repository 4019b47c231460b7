package io.gradlens.ode.nn;

import io.gradlens.kernel.Real;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;

/**
 * Keeps the activations, so that the way back evaluates nothing again, and computes θ's gradient
 * for several slots in one product a layer.
 */
@Real
final class MlpTape implements Tape {
  private static final boolean SINGLE = (@Real double) 0.1 != 0.1;

  /** Slots whose gradients with respect to θ are computed in one go: the stages of most methods. */
  private static final int BATCH = 8;

  private final int lanes;
  private final ThetaGradient thetaGradient;
  private final MlpActivations[] slots;
  private final MlpCotangents[] back;
  private final MlpGradient pending;

  /** The slots that {@link #pending} reads. */
  private final int[] waiting;

  /** What has been summed already: {@code [p]}, or null. */
  private final double[] sum;

  /** The same lane by lane, {@code [p][lanes]}, or null. */
  private final @Real double[] perLane;

  MlpTape(Mlp net, int lanes, int size, ThetaGradient thetaGradient) {
    this.lanes = lanes;
    this.thetaGradient = thetaGradient;
    slots = new MlpActivations[size];
    for (int s = 0; s < size; s++) {
      slots[s] = new MlpActivations(net, lanes);
    }
    back = new MlpCotangents[thetaGradient == ThetaGradient.NONE ? 1 : Math.min(size, BATCH)];
    for (int s = 0; s < back.length; s++) {
      back[s] = new MlpCotangents(net, lanes);
    }
    waiting = new int[back.length];
    pending = new MlpGradient(net, slots[0].stride, back.length);
    int p = net.params();
    sum = thetaGradient == ThetaGradient.SUM ? new double[p] : null;
    perLane = thetaGradient == ThetaGradient.PER_TRAJECTORY ? new @Real double[p * lanes] : null;
  }

  @Override
  public void apply(int slot, double[] t, @Real double[] y, @Real double[] dydt) {
    for (int i = 0; i < pending.count(); i++) {
      if (waiting[i] == slot) {
        addPending();
      }
    }
    slots[slot].compute(t, y, dydt);
  }

  @Override
  public void vjp(int slot, @Real double[] cotangent, @Real double[] gradY, double[] gradT) {
    if (pending.isFull()) {
      addPending();
    }
    int next = pending.count();
    back[next].compute(slots[slot], cotangent, gradY, gradT);
    if (thetaGradient != ThetaGradient.NONE) {
      waiting[next] = slot;
      pending.take(back[next].z, slots[slot].x);
    }
  }

  private void addPending() {
    if (sum != null) {
      pending.addTo(sum);
    } else {
      pending.addLanesTo(perLane, lanes);
    }
  }

  @Override
  public void addThetaGradient(double[] gradTheta) {
    if (sum != null) {
      pending.addTo(sum);
      for (int p = 0; p < sum.length; p++) {
        gradTheta[p] += sum[p];
      }
      Arrays.fill(sum, 0);
    } else if (perLane != null) {
      pending.addLanesTo(perLane, lanes);
      for (int i = 0; i < perLane.length; i++) {
        gradTheta[i] += perLane[i];
      }
      Arrays.fill(perLane, 0);
    }
  }

  @Override
  public long bytes() {
    long numbers = slots[0].y == slots[0].x[0] ? 0 : slots[0].y.length;
    for (@Real double[] x : slots[0].x) {
      numbers += x.length;
    }
    return slots.length * numbers * (SINGLE ? Float.BYTES : Double.BYTES);
  }
}
