package io.gradlens.ode;

import java.util.function.DoubleFunction;

/** An initial value problem with its solution. */
record Problem(String name, int dim, SlopeField.Slope slope, DoubleFunction<double[]> solution) {

  /** Nonlinear, coupled and explicit in t, made for y = (sin 2t, cos 3t). */
  static final Problem COUPLED =
      new Problem(
          "coupled",
          2,
          (t, y, dydt) -> {
            double u = Math.sin(2 * t);
            double v = Math.cos(3 * t);
            dydt[0] = 2 * Math.cos(2 * t) + Math.sin(2 * y[0] * y[1]) - Math.sin(2 * u * v);
            dydt[1] = -3 * Math.sin(3 * t) + (1 + t) * (y[0] * y[0] - y[1] - u * u + v);
          },
          t -> new double[] {Math.sin(2 * t), Math.cos(3 * t)});

  VectorField field() {
    return new SlopeField(dim, slope);
  }

  /** The problem that starts at the solution's state at the first of some times. */
  Trajectories from(double... times) {
    return Trajectories.of(dim, solution.apply(times[0]), times);
  }

  /** The largest |y − solution| / max(1, |solution|) over a trajectory's times and components. */
  double error(Solution solved) {
    double worst = 0;
    for (int j = 0; j < solved.times(0).length; j++) {
      double[] exact = solution.apply(solved.times(0)[j]);
      for (int d = 0; d < dim; d++) {
        double off = Math.abs(solved.y(0, j, d) - exact[d]) / Math.max(1, Math.abs(exact[d]));
        worst = off <= worst ? worst : off;
      }
    }
    return worst;
  }

  @Override
  public String toString() {
    return name;
  }
}
