package io.gradlens.ode;

/**
 * Something that happens where a function g(t, y) of the solution passes zero.
 *
 * <pre>{@code
 * Event bounce = Event.of(EventRoot.level(0, 0.2)).falling().restart(RestartMap.scaling(1, -0.8));
 * }</pre>
 *
 * <p>It is noted in the {@link Solution}, may end the trajectory, or have it go on from another
 * state. It happens where g changes its sign in the order of the solve, which for a solve backwards
 * in time is the reverse of time's.
 *
 * <p>Signs are compared at the beginning, the middle and the end of every step, so that what passes
 * zero twice within half a step may stay unseen: bound the step size if it must not. A trajectory
 * that begins at a zero, or is restarted there, is on the side that it then goes to, and the event
 * does not happen at once. Where a restart itself carries the state past the zero of an event, that
 * event does not happen.
 *
 * <p>Immutable; the functions are called by the thread that solves.
 */
public final class Event {
  private final EventRoot root;
  private final boolean countsRising;
  private final boolean countsFalling;
  private final boolean isTerminal;
  private final RestartMap restart;

  private Event(
      EventRoot root,
      boolean countsRising,
      boolean countsFalling,
      boolean isTerminal,
      RestartMap restart) {
    if (isTerminal && restart != null) {
      throw new IllegalArgumentException(
          "An event ends a trajectory or restarts it: drop terminal() or restart().");
    }
    this.root = root;
    this.countsRising = countsRising;
    this.countsFalling = countsFalling;
    this.isTerminal = isTerminal;
    this.restart = restart;
  }

  /** An event where the function passes zero in either direction; it is noted only. */
  public static Event of(EventRoot root) {
    return new Event(root, true, true, false, null);
  }

  /** The same only where the function passes from below zero to above. */
  public Event rising() {
    return new Event(root, true, false, isTerminal, restart);
  }

  /** The same only where the function passes from above zero to below. */
  public Event falling() {
    return new Event(root, false, true, isTerminal, restart);
  }

  /** The same that ends the trajectory, with {@link SolveStatus#TERMINATED}. */
  public Event terminal() {
    return new Event(root, countsRising, countsFalling, true, restart);
  }

  /** The same after which the trajectory goes on from another state, with f evaluated anew. */
  public Event restart(RestartMap map) {
    return new Event(root, countsRising, countsFalling, isTerminal, map);
  }

  /** Its function g. */
  public EventRoot root() {
    return root;
  }

  /** Where it restarts the trajectory; null where it does not. */
  public RestartMap restart() {
    return restart;
  }

  /** Whether it ends the trajectory. */
  public boolean isTerminal() {
    return isTerminal;
  }

  /** Whether g, so far on this side, has got across or to zero in a direction that counts. */
  boolean happens(double side, double g) {
    return side < 0 && g >= 0 && countsRising || side > 0 && g <= 0 && countsFalling;
  }
}
