package io.gradlens.ode;

/**
 * An event that a trajectory has come to.
 *
 * @param event its place among those of {@link OdeSolve#events}
 * @param t τ, when it happened
 * @param before y⁻, the state that the trajectory came with, {@code [dim]}
 * @param after y⁺, the state that it went on from, {@code [dim]}: the same unless restarted
 */
public record EventHit(int event, double t, double[] before, double[] after) {}
