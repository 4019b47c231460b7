package io.gradlens.odeblock;

/**
 * What an ODE block's last pass took.
 *
 * @param nfeForward evaluations of f on the way forward, for the whole batch
 * @param nfeBackward vector–Jacobian products of f on the way back; 0 before there was one
 * @param stepsAccepted steps on the way forward
 * @param stepsRejected steps that were tried and refused on the way forward
 * @param loggedBytes the most that was kept of steps at a time; 0 with {@link OdeAdjoint#BACKSOLVE}
 */
public record OdeCost(
    int nfeForward, int nfeBackward, int stepsAccepted, int stepsRejected, long loggedBytes) {}
