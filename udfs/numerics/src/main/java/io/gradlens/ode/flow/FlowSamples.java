package io.gradlens.ode.flow;

/**
 * Points drawn from a flow.
 *
 * @param points {@code [sample][dim]}; NaN where a solve failed
 * @param logDensities log p at every point, {@code [sample]}
 */
public record FlowSamples(double[] points, double[] logDensities) {}
