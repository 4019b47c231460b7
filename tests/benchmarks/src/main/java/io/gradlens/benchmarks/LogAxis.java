package io.gradlens.benchmarks;

import java.util.stream.DoubleStream;

/**
 * A logarithmic axis over whole decades.
 *
 * @param first the decade it begins with, as a power of ten
 * @param last the one it ends with
 */
record LogAxis(int first, int last) {

  /** The decades that hold all values, but none outside the limits. */
  static LogAxis of(DoubleStream values, int least, int most) {
    double[] logs = values.filter(v -> v > 0 && Double.isFinite(v)).map(Math::log10).toArray();
    double low = DoubleStream.of(logs).min().orElse(least);
    double high = DoubleStream.of(logs).max().orElse(most);
    return new LogAxis(
        Math.max(least, (int) Math.floor(low)), Math.min(most, (int) Math.ceil(high)));
  }

  /** Where a value lies, 0 at the axis' beginning and 1 at its end. */
  double at(double value) {
    return (Math.log10(value) - first) / (last - first);
  }

  boolean holds(double value) {
    return at(value) >= 0 && at(value) <= 1;
  }
}
