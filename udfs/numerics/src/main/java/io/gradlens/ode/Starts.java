package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * Prepares trajectories, a block at a time: the slope at their start and the size of their {@link
 * FirstStep}. So a lane that takes one up costs the others nothing.
 */
@Real
final class Starts {
  private final OdeSolve how;
  private final VectorField field;
  private final Trajectories data;
  private final ErrorRatio norm;
  private final int count;
  private final Lanes block;
  private final @Real double[] slopes;
  private final @Real double[] slopes1;
  private final @Real double[][] difference;
  private final @Real double[] y1;
  private final double[] d0;
  private final double[] d1;
  private final double[] d2;
  private final double[] first;
  private int prepared;
  private int taken;

  Starts(OdeSolve how, VectorField field, Trajectories data, ErrorRatio norm, int count) {
    this.how = how;
    this.field = field;
    this.data = data;
    this.norm = norm;
    this.count = count;
    int n = field.dim() * count;
    block = new Lanes(field.dim(), count);
    slopes = new @Real double[n];
    slopes1 = new @Real double[n];
    difference = new @Real double[1][n];
    y1 = new @Real double[n];
    d0 = new double[count];
    d1 = new double[count];
    d2 = new double[count];
    first = new double[count];
  }

  /** Whether another one is there. */
  boolean hasNext() {
    return taken < data.count();
  }

  /** Moves on to the next one. */
  int next() {
    if (taken == prepared) {
      prepare();
    }
    return taken++;
  }

  /** Whether the last one's initial state is finite. */
  boolean isFinite() {
    return block.accepted[(taken - 1) % count];
  }

  /** The signed size of the last one's first step. */
  double firstStep() {
    return first[(taken - 1) % count];
  }

  /** How often f was evaluated for it. */
  int nfe() {
    return how.controller().firstStep() > 0 ? 1 : 2;
  }

  /** Copies the last one's initial state and slope into a lane. */
  void load(Lanes lanes, int lane, @Real double[] k) {
    int from = (taken - 1) % count;
    lanes.t[lane] = block.t[from];
    for (int d = 0; d < field.dim(); d++) {
      lanes.y[d * count + lane] = block.y[d * count + from];
      k[d * count + lane] = slopes[d * count + from];
    }
  }

  private void prepare() {
    int size = Math.min(count, data.count() - prepared);
    for (int l = 0; l < count; l++) {
      int i = prepared + Math.min(l, size - 1);
      block.trajectory[l] = -1;
      block.accepted[l] = true;
      double[] ts = data.times(i);
      block.h[l] = Math.signum(ts[ts.length - 1] - ts[0]);
      block.t[l] = start(ts[0], block.h[l]);
      norm.tolerances(l, data.rtol(i, how.controller()), data.atol(i, how.controller()));
      for (int d = 0; d < field.dim(); d++) {
        double y0 = data.y0(i, d);
        block.accepted[l] &= Double.isFinite(y0);
        block.y[d * count + l] = (@Real double) y0;
      }
      if (l < size && block.accepted[l]) {
        block.trajectory[l] = i;
      }
    }
    prepared += size;
    field.apply(block.t, block.y, slopes);
    if (how.controller().firstStep() > 0) {
      Arrays.fill(first, how.controller().firstStep());
    } else {
      choose();
    }
    for (int l = 0; l < count; l++) {
      first[l] *= block.h[l];
    }
  }

  /** The time to start at: just past it where f jumps there. */
  private double start(double t, double direction) {
    boolean isJump = direction != 0 && Arrays.binarySearch(how.jumpAt(), t + 0.0) >= 0;
    return isJump ? Math.nextAfter(t, direction * Double.POSITIVE_INFINITY) : t;
  }

  private void choose() {
    size(block.y, d0);
    size(slopes, d1);
    for (int l = 0; l < count; l++) {
      first[l] = FirstStep.probe(d0[l], d1[l]);
      block.tNext[l] = block.t[l] + block.h[l] * first[l];
      block.h[l] *= first[l];
    }
    block.spread();
    for (int i = 0; i < y1.length; i++) {
      y1[i] = Math.fma(block.steps[i], slopes[i], block.y[i]);
    }
    field.apply(block.tNext, y1, slopes1);
    for (int i = 0; i < y1.length; i++) {
      y1[i] = slopes1[i] - slopes[i];
    }
    size(y1, d2);
    int k = how.tableau().embeddedOrder() + 1;
    for (int l = 0; l < count; l++) {
      first[l] = FirstStep.size(first[l], d1[l], d2[l], k);
      block.h[l] = Math.signum(block.h[l]);
    }
  }

  private void size(@Real double[] x, double[] norms) {
    difference[0] = x;
    norm.squares(difference, block.y, block.y, block.trajectory, norms);
    for (int l = 0; l < count; l++) {
      norms[l] = Math.sqrt(norms[l]);
    }
  }
}
