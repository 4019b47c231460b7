package io.gradlens.ode.nn;

import io.gradlens.ode.Real;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;

/**
 * Keeps the activations, so that the way back evaluates nothing again, and sums θ's gradient over
 * several slots in one product a layer.
 */
@Real
final class MlpTape implements Tape {
  private static final boolean SINGLE = (@Real double) 0.1 != 0.1;

  /** Slots whose gradients with respect to θ are summed in one go: the stages of most methods. */
  private static final int BATCH = 8;

  private final Mlp net;
  private final ThetaGradient thetaGradient;
  private final MlpActivations[] slots;
  private final MlpCotangents[] back;

  /** Of every layer, what slots that wait read and their cotangents. */
  private final @Real double[][][] waitingX;

  private final @Real double[][][] waitingZ;
  private final int[] waiting;
  private int count;

  /** What has been summed already: {@code [p]}. */
  private final double[] sum;

  /** The gradient lane by lane, {@code [p][lanes]}. */
  private final @Real double[] perLane;

  MlpTape(Mlp net, int lanes, int size, ThetaGradient thetaGradient) {
    this.net = net;
    this.thetaGradient = thetaGradient;
    slots = new MlpActivations[size];
    for (int s = 0; s < size; s++) {
      slots[s] = new MlpActivations(net, lanes);
    }
    boolean sums = thetaGradient == ThetaGradient.SUM;
    back = new MlpCotangents[sums ? Math.min(size, BATCH) : 1];
    for (int s = 0; s < back.length; s++) {
      back[s] = new MlpCotangents(net, lanes);
    }
    int layers = net.shape().layers();
    waiting = new int[back.length];
    waitingX = new @Real double[layers][back.length][];
    waitingZ = new @Real double[layers][back.length][];
    sum = sums ? new double[net.params()] : null;
    perLane =
        thetaGradient == ThetaGradient.PER_TRAJECTORY
            ? new @Real double[net.params() * lanes]
            : null;
  }

  @Override
  public void apply(int slot, double[] t, @Real double[] y, @Real double[] dydt) {
    for (int i = 0; i < count; i++) {
      if (waiting[i] == slot) {
        flush(sum);
      }
    }
    slots[slot].compute(t, y, dydt);
  }

  @Override
  public void vjp(int slot, @Real double[] cotangent, @Real double[] gradY, double[] gradT) {
    if (count == back.length) {
      flush(sum);
    }
    MlpCotangents cotangents = back[count];
    cotangents.compute(slots[slot], cotangent, gradY, gradT);
    if (perLane != null) {
      MlpActivations at = slots[slot];
      net.addOuter(cotangents.z, at.x, at.stride, at.lanes, perLane);
    } else if (sum != null) {
      for (int l = 0; l < waitingX.length; l++) {
        waitingX[l][count] = slots[slot].x[l];
        waitingZ[l][count] = cotangents.z[l];
      }
      waiting[count++] = slot;
    }
  }

  /** Sums over the slots that wait, one product a layer. */
  private void flush(double[] g) {
    MlpShape shape = net.shape();
    for (int l = 0; l < shape.layers() && count > 0; l++) {
      int at = shape.offset(l);
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      int stride = slots[0].stride;
      net.kernel().addGradient(waitingZ[l], out, waitingX[l], in, count, stride, g, at);
    }
    count = 0;
  }

  @Override
  public void addThetaGradient(double[] gradTheta) {
    if (sum != null) {
      flush(sum);
      for (int p = 0; p < sum.length; p++) {
        gradTheta[p] += sum[p];
      }
      Arrays.fill(sum, 0);
    } else if (perLane != null) {
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
