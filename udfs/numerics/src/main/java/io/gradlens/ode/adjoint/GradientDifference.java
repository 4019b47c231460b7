package io.gradlens.ode.adjoint;

import java.util.List;
import java.util.stream.Stream;

/**
 * How two gradients of one trajectory differ: on the whole, and apart for initial state, parameters
 * and times.
 *
 * @param all all of them together
 * @param y0 with respect to the initial state
 * @param theta with respect to the parameters; nothing where an adjoint left them out
 * @param times with respect to the times
 */
public record GradientDifference(Part all, Part y0, Part theta, Part times) {

  /**
   * Some components, with a for those under test and b for those that are expected.
   *
   * @param relativeError ‖a − b‖ / max(‖a‖, ‖b‖); 0 where both are 0, NaN where one is
   * @param worst the component that differs most, as {@code theta[3]}; empty where there is none
   * @param actual what a has there
   * @param expected what b has there
   */
  public record Part(double relativeError, String worst, double actual, double expected) {

    private static Part of(List<Named> named) {
      double difference = 0;
      double sumA = 0;
      double sumB = 0;
      double most = -1;
      Part worst = new Part(0, "", 0, 0);
      for (Named each : named) {
        double[] a = each.actual;
        double[] b = each.expected;
        for (int i = 0; i < a.length; i++) {
          difference += (a[i] - b[i]) * (a[i] - b[i]);
          sumA += a[i] * a[i];
          sumB += b[i] * b[i];
          // NaN is worse than anything.
          if (!(Math.abs(a[i] - b[i]) <= most) && !Double.isNaN(most)) {
            most = Math.abs(a[i] - b[i]);
            worst = new Part(0, each.name + "[" + i + "]", a[i], b[i]);
          }
        }
      }
      double size = Math.sqrt(Math.max(sumA, sumB));
      double relative = difference == 0 ? 0 : Math.sqrt(difference) / size;
      return new Part(relative, worst.worst, worst.actual, worst.expected);
    }
  }

  private record Named(String name, double[] actual, double[] expected) {}

  static GradientDifference of(
      double[] y0,
      double[] expectedY0,
      double[] theta,
      double[] expectedTheta,
      double[] times,
      double[] expectedTimes) {
    Named first = new Named("y0", y0, expectedY0);
    Named second = new Named("theta", theta, expectedTheta);
    Named third = new Named("t", times, expectedTimes);
    return new GradientDifference(
        Part.of(Stream.of(first, second, third).toList()),
        Part.of(List.of(first)),
        Part.of(List.of(second)),
        Part.of(List.of(third)));
  }

  /** ‖a − b‖ / max(‖a‖, ‖b‖) of all components; NaN where a solve failed. */
  public double relativeError() {
    return all.relativeError;
  }

  /** The relative errors and the worst component, on one line. */
  @Override
  public String toString() {
    return "relative error %.2e (y0 %.2e, theta %.2e, t %.2e); %s is %s, expected %s"
        .formatted(
            all.relativeError,
            y0.relativeError,
            theta.relativeError,
            times.relativeError,
            all.worst.isEmpty() ? "nothing" : all.worst,
            all.actual,
            all.expected);
  }
}
