package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/**
 * The loops behind the instructions of a {@link Program}, over the first n numbers of each array.
 * Each is a method of its own, and all arrays begin at 0, so that the compiler vectorises it: with
 * rows that begin at different places of larger arrays, HotSpot 17 does not.
 */
@Real
final class LaneLoops {

  private LaneLoops() {}

  static void add(@Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = a[l] + b[l];
    }
  }

  static void subtract(@Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = a[l] - b[l];
    }
  }

  static void multiply(@Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = a[l] * b[l];
    }
  }

  static void divide(@Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = a[l] / b[l];
    }
  }

  static void negate(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = -a[l];
    }
  }

  static void abs(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = Math.abs(a[l]);
    }
  }

  static void sqrt(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.sqrt(a[l]);
    }
  }

  static void sin(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.sin(a[l]);
    }
  }

  static void cos(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.cos(a[l]);
    }
  }

  static void tanh(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.tanh(a[l]);
    }
  }

  static void exp(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.exp(a[l]);
    }
  }

  static void log(@Real double[] r, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.log(a[l]);
    }
  }

  static void pow(@Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) Math.pow(a[l], b[l]);
    }
  }

  /** The rarer ones, through a call a number. */
  static void call(Operation f, @Real double[] r, @Real double[] a, @Real double[] b, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) f.of(a[l], b[l]);
    }
  }

  static void loadTime(@Real double[] r, double[] t, int from, int n) {
    for (int l = 0; l < n; l++) {
      r[l] = (@Real double) t[from + l];
    }
  }

  static void accumulate(@Real double[] sum, int from, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      sum[from + l] += a[l];
    }
  }

  static void accumulateTime(double[] sum, int from, @Real double[] a, int n) {
    for (int l = 0; l < n; l++) {
      sum[from + l] += a[l];
    }
  }
}
