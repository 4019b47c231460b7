package io.gradlens.ode.adjoint;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** A field with starts and times, and a smooth loss: what gradients are tested on. */
record AdjointCase(String name, DifferentiableField field, double[] y0, double[] times) {
  static final long SEED = 5;

  /** Fields of all kinds, each with three trajectories. */
  static List<AdjointCase> all() {
    return List.of(lotkaVolterra(), vanDerPol(), driven(), network(), epidemic());
  }

  static AdjointCase lotkaVolterra() {
    return new AdjointCase(
        "lotka-volterra",
        ClassicalSystems.LOTKA_VOLTERRA.field(1.1, .6, .4, .9),
        new double[] {1, 1.2, 1.5, .7, .6, 1.6},
        new double[] {0, .31, .7, 1.6, 2});
  }

  static AdjointCase vanDerPol() {
    return new AdjointCase(
        "van-der-pol",
        ClassicalSystems.VAN_DER_POL.field(.8),
        new double[] {1, 0, -.5, .4, .1, -.7},
        new double[] {-.5, -.3, .1, .15, .8});
  }

  /** Explicit in t, with a parameter that acts on time. */
  static AdjointCase driven() {
    return new AdjointCase(
        "driven",
        ExpressionField.parse(
            "dx = -a*x*y + cos(w*t); dy = exp(-t)*x - tanh(y)/b",
            Map.of("a", .8, "b", 2., "w", 3.)),
        new double[] {1, .5, -.6, .9, .2, -.1},
        new double[] {.2, .5, 1.1, 1.15, 1.9});
  }

  /** A network that sees the time. */
  static AdjointCase network() {
    MlpShape shape = new MlpShape(2, 0, List.of(4), Activation.TANH, 1, MlpShape.Time.LAST_INPUT);
    double[] theta = new Random(SEED).doubles(shape.params(), -.9, .9).toArray();
    return new AdjointCase(
        "network",
        new Mlp(shape, theta),
        new double[] {.5, -.5, 1.2, .3, -.8, .1},
        new double[] {0, .4, 1.3, 2, 2.5});
  }

  /** Its third component is an integral along the way. */
  static AdjointCase epidemic() {
    return new AdjointCase(
        "epidemic",
        ClassicalSystems.SIR.field(1.66, .44),
        new double[] {.9, .1, 0, .6, .3, .1, .8, .15, .05},
        new double[] {0, .4, 1.1, 1.25, 2});
  }

  AdjointCase backwards() {
    double[] back = new double[times.length];
    for (int j = 0; j < back.length; j++) {
      back[j] = times[times.length - 1 - j];
    }
    return new AdjointCase(name + " backwards", field, y0, back);
  }

  int count() {
    return y0.length / field.dim();
  }

  Trajectories trajectories() {
    return Trajectories.of(field.dim(), y0, times);
  }

  /** Σ c (y²/2 + sin y) over times and components, with weights c that differ. */
  static double loss(int trajectory, double[] ts, double[] ys, double[] gradYs) {
    double sum = 0;
    for (int i = 0; i < ys.length; i++) {
      double c = 1 + Math.sin(2.3 * i + trajectory);
      sum += c * (ys[i] * ys[i] / 2 + Math.sin(ys[i]));
      gradYs[i] = c * (ys[i] + Math.cos(ys[i]));
    }
    return sum;
  }

  /** Gradients by five-point central differences of a solve whose steps are frozen. */
  final class Differences {
    final double[][] y0 = new double[count()][];
    final double[][] theta = new double[count()][];
    final double[][] t = new double[count()][];
    final double[] losses = new double[count()];

    Differences(OdeSolve how) {
      Solution steps = how.saveAt(SaveAt.STEPS).solve(field, trajectories());
      for (int i = 0; i < count(); i++) {
        FrozenSteps frozen = new FrozenSteps(how.tableau(), field, steps.times(i), times);
        double[] start = new double[field.dim()];
        System.arraycopy(AdjointCase.this.y0, i * field.dim(), start, 0, field.dim());
        compute(i, frozen, start);
      }
    }

    private void compute(int i, FrozenSteps frozen, double[] start) {
      losses[i] = loss(i, frozen.states(start, 0, times));
      y0[i] = new double[start.length];
      for (int d = 0; d < start.length; d++) {
        int at = d;
        y0[i][d] = slope(start[d], x -> loss(i, frozen.states(replaced(start, at, x), 0, times)));
      }
      t[i] = new double[times.length];
      t[i][0] = slope(0, shift -> loss(i, frozen.states(start, shift, times)));
      for (int j = 1; j < times.length; j++) {
        int at = j;
        t[i][j] = slope(times[j], x -> loss(i, frozen.states(start, 0, replaced(times, at, x))));
      }
      double[] kept = field.theta();
      theta[i] = new double[kept.length];
      for (int p = 0; p < kept.length; p++) {
        int at = p;
        theta[i][p] =
            slope(
                kept[p],
                x -> {
                  field.setTheta(replaced(kept, at, x));
                  return loss(i, frozen.states(start, 0, times));
                });
      }
      field.setTheta(kept);
    }

    private static double loss(int i, double[] states) {
      return AdjointCase.loss(i, null, states, new double[states.length]);
    }
  }

  static double[] replaced(double[] numbers, int at, double x) {
    double[] replaced = numbers.clone();
    replaced[at] = x;
    return replaced;
  }

  static double slope(double x, DoubleUnaryOperator f) {
    double h = 3e-4 * Math.max(Math.abs(x), .3);
    return (f.applyAsDouble(x - 2 * h)
            - 8 * f.applyAsDouble(x - h)
            + 8 * f.applyAsDouble(x + h)
            - f.applyAsDouble(x + 2 * h))
        / (12 * h);
  }

  /** |actual − expected| / |expected|, in the Euclidean norm. */
  static double distance(double[] actual, double[] expected) {
    double off = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      off += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      size += expected[i] * expected[i];
    }
    return Math.sqrt(off / size);
  }

  @Override
  public String toString() {
    return name;
  }
}
