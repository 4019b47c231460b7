package io.gradlens.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * L-BFGS: θ ← θ + αd with d = −H·dL/dθ, where H approximates the inverse Hessian from the last m
 * pairs s = θ₁ − θ, y = g₁ − g by the two-loop recursion, and α satisfies the strong Wolfe
 * conditions.
 *
 * <p>It takes the same objective in every step: no mini-batches. The learning rate is the first
 * guess for α; 1 is right but for the first step, which is taken no longer than the learning rate
 * in the sum of its components. A step evaluates the objective where it begins and where it ends,
 * and seldom elsewhere.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4 and 7.5.
 */
public final class Lbfgs implements Optimizer {
  private final int params;
  private final int memory;
  private final List<double[]> s = new ArrayList<>();
  private final List<double[]> y = new ArrayList<>();

  /**
   * @param params p
   * @param memory m, how many pairs are kept; usual is 10
   * @throws IllegalArgumentException if m is not above 0
   */
  public Lbfgs(int params, int memory) {
    if (memory < 1) {
      throw new IllegalArgumentException(
          "Expected L-BFGS to keep at least 1 pair, got %d.".formatted(memory));
    }
    this.params = params;
    this.memory = memory;
  }

  @Override
  public double step(double[] theta, Objective objective, double learningRate) {
    double[] gradient = new double[params];
    double loss = objective.evaluate(theta, gradient);
    if (!GradientOptimizer.isFinite(loss, gradient)) {
      return Double.isFinite(loss) ? Double.NaN : loss;
    }
    if (Arrays.stream(gradient).allMatch(each -> each == 0)) {
      return loss;
    }
    double[] direction = direction(gradient);
    double guess = learningRate;
    if (s.isEmpty()) {
      guess *= Math.min(1, 1 / Arrays.stream(gradient).map(Math::abs).sum());
    }
    double[] before = theta.clone();
    WolfeLineSearch.Point found =
        new WolfeLineSearch(objective, before, loss, gradient, direction).search(guess);
    remember(before, gradient, found);
    System.arraycopy(found.theta(), 0, theta, 0, params);
    return loss;
  }

  /** −H·g, by the two-loop recursion. */
  private double[] direction(double[] gradient) {
    double[] q = gradient.clone();
    double[] a = new double[s.size()];
    for (int i = s.size() - 1; i >= 0; i--) {
      a[i] = dot(s.get(i), q) / dot(s.get(i), y.get(i));
      add(q, -a[i], y.get(i));
    }
    if (!s.isEmpty()) {
      double[] newest = y.get(y.size() - 1);
      scale(q, dot(s.get(s.size() - 1), newest) / dot(newest, newest));
    }
    for (int i = 0; i < s.size(); i++) {
      double b = dot(y.get(i), q) / dot(s.get(i), y.get(i));
      add(q, a[i] - b, s.get(i));
    }
    scale(q, -1);
    return q;
  }

  private void remember(double[] before, double[] gradient, WolfeLineSearch.Point now) {
    double[] ds = now.theta().clone();
    double[] dy = now.gradient().clone();
    add(ds, -1, before);
    add(dy, -1, gradient);
    // Without curvature along s the pair would make H indefinite; with no step at all H misleads.
    if (dot(ds, dy) > 1e-10 * dot(dy, dy) && dot(ds, ds) > 0) {
      s.add(ds);
      y.add(dy);
    } else {
      s.clear();
      y.clear();
    }
    if (s.size() > memory) {
      s.remove(0);
      y.remove(0);
    }
  }

  private static double dot(double[] a, double[] b) {
    return WolfeLineSearch.dot(a, b);
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static void scale(double[] what, double factor) {
    for (int i = 0; i < what.length; i++) {
      what[i] *= factor;
    }
  }

  /** The pairs, oldest first, each s and then y. */
  @Override
  public double[] state() {
    double[] state = new double[2 * params * s.size()];
    for (int i = 0; i < s.size(); i++) {
      System.arraycopy(s.get(i), 0, state, 2 * i * params, params);
      System.arraycopy(y.get(i), 0, state, (2 * i + 1) * params, params);
    }
    return state;
  }

  @Override
  public void restore(double[] state) {
    if (state.length % (2 * params) != 0 || state.length / (2 * params) > memory) {
      throw new IllegalArgumentException(
          "Cannot restore up to %d pairs of %d parameters from %d numbers: they belong to another optimizer or field."
              .formatted(memory, params, state.length));
    }
    s.clear();
    y.clear();
    for (int at = 0; at < state.length; at += 2 * params) {
      s.add(Arrays.copyOfRange(state, at, at + params));
      y.add(Arrays.copyOfRange(state, at + params, at + 2 * params));
    }
  }
}
