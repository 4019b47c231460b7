package io.gradlens.ode;

/** How a trajectory's solve ended. What is not {@link #SUCCESS} or an event says what to do. */
public enum SolveStatus {
  /** It reached its last time. */
  SUCCESS("It reached its last time."),
  /** A terminal event stopped it. */
  TERMINATED("A terminal event stopped it."),
  /** An initial state that is not finite. */
  BAD_INITIAL("The initial state holds a NaN or an infinity: leave the trajectory out or mend it."),
  /** The field gave NaN or infinity, however small the step. */
  NON_FINITE(
      "The field gave a NaN or an infinity: check its formula and parameters near the last state;"
          + " a solution that grows without bound ends like this too."),
  /**
   * The step size fell below what time can resolve, or below the least one allowed; or an event
   * restarts the trajectory at ever shorter intervals, as a ball does that comes to rest.
   */
  STEP_TOO_SMALL(
      "The step size became too small: the problem may be stiff (take kvaerno5), discontinuous"
          + " (name the times in jumpAt) or the tolerances too strict, or restarts pile up at one"
          + " time (end them with a terminal event); a solution that runs to infinity in finite"
          + " time ends like this too."),
  /** More steps than allowed. */
  MAX_STEPS(
      "It took more steps than allowed: raise maxSteps, loosen the tolerances, or take kvaerno5 if"
          + " the problem is stiff."),
  /**
   * A terminal or restarting event whose root function g grazes zero, so that its time has no
   * derivative: |h dg/dt| ≤ √rtol · max |g| over the last step before it, so that an error of the
   * size of the tolerance could make the event vanish.
   */
  GRAZING(
      "The solution touches an event without crossing it: the time of the event has no derivative"
          + " there. Move the event's threshold, or leave the trajectory out.");

  private final String advice;

  SolveStatus(String advice) {
    this.advice = advice;
  }

  /** What it means, and what to do. */
  public String advice() {
    return advice;
  }

  /** Whether the trajectory ended as intended, at its last time or by a terminal event. */
  public boolean isSuccess() {
    return this == SUCCESS || this == TERMINATED;
  }
}
