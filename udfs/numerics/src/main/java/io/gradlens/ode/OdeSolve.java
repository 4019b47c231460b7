package io.gradlens.ode;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Solves initial value problems dy/dt = f(t, y), y(t₀) = y₀, for many trajectories.
 *
 * <pre>{@code
 * Solution solution =
 *     OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-7, 1e-9))
 *         .saveAt(SaveAt.TS)
 *         .solve(field, Trajectories.of(2, y0, 0, 1, 2));
 * }</pre>
 *
 * <p>Immutable. What goes wrong inside a solve is a {@link SolveStatus} of the trajectory, and the
 * others go on; an exception means misuse.
 */
public final class OdeSolve {
  private static final int MAX_STEPS = 100_000;

  private static final double[] NONE = {};

  private ButcherTableau tableau;
  private StepSizeController controller;
  private StepControl stepControl = StepControl.PER_TRAJECTORY;
  private SaveAt saveAt = SaveAt.TS;
  private int maxSteps = MAX_STEPS;
  private double[] stepTo = NONE;
  private double[] jumpAt = NONE;
  private boolean landsOnTimes;
  private boolean isMultistep;
  private int lanes = 64;
  private List<ErrorGroup> errorGroups = List.of();
  private List<Event> events = List.of();

  private OdeSolve() {}

  private OdeSolve with(Consumer<OdeSolve> change) {
    OdeSolve copy = new OdeSolve();
    copy.tableau = tableau;
    copy.controller = controller;
    copy.stepControl = stepControl;
    copy.saveAt = saveAt;
    copy.maxSteps = maxSteps;
    copy.stepTo = stepTo;
    copy.jumpAt = jumpAt;
    copy.landsOnTimes = landsOnTimes;
    copy.isMultistep = isMultistep;
    copy.lanes = lanes;
    copy.errorGroups = errorGroups;
    copy.events = events;
    change.accept(copy);
    return copy;
  }

  /**
   * A method and its step sizes; every trajectory with its own, states kept at its times.
   *
   * @throws IllegalArgumentException if steps are to adapt and the method has no error estimate
   */
  public static OdeSolve with(ButcherTableau tableau, StepSizeController controller) {
    requireEstimate(tableau, controller);
    OdeSolve solve = new OdeSolve();
    solve.tableau = tableau;
    solve.controller = controller;
    return solve;
  }

  private static void requireEstimate(ButcherTableau tableau, StepSizeController controller) {
    if (!controller.isFixed() && tableau.estimates() == 0) {
      throw new IllegalArgumentException(
          "Method %s has no error estimate to adapt steps with: give a fixed step size."
              .formatted(tableau));
    }
  }

  /**
   * The explicit Adams–Bashforth–Moulton method of order 4 with steps of one size: two evaluations
   * a step, where a Runge–Kutta method of that order takes four. Its gradients come from a
   * backsolve; a discrete adjoint covers one-step methods only.
   *
   * @throws IllegalArgumentException if steps are to adapt
   */
  public static OdeSolve adamsMoulton(StepSizeController controller) {
    if (!controller.isFixed()) {
      throw new IllegalArgumentException(
          "Adams–Bashforth–Moulton needs past slopes at equal distances: give a fixed step size.");
    }
    return with(Tableaus.RK4.tableau(), controller).with(copy -> copy.isMultistep = true);
  }

  /** The same with step sizes of each trajectory's own, or shared. */
  public OdeSolve stepControl(StepControl control) {
    return with(copy -> copy.stepControl = control);
  }

  /** The same keeping other states. */
  public OdeSolve saveAt(SaveAt save) {
    return with(copy -> copy.saveAt = save);
  }

  /** The same with another bound on the steps of a trajectory, rejected ones counted (100,000). */
  public OdeSolve maxSteps(int most) {
    StepSizeController.requirePositive("number of steps", most);
    return with(copy -> copy.maxSteps = most);
  }

  /** The same with a step ending at each of these times that lies within a trajectory's. */
  public OdeSolve stepTo(double... times) {
    return with(copy -> copy.stepTo = sorted(times));
  }

  /**
   * The same where f is discontinuous at these times: a step ends just before each, and the next
   * begins just after it with f evaluated anew.
   */
  public OdeSolve jumpAt(double... times) {
    return with(copy -> copy.jumpAt = sorted(times));
  }

  /** The same with a step ending at each of a trajectory's times, instead of interpolation. */
  public OdeSolve landingOnTimes() {
    return with(copy -> copy.landsOnTimes = true);
  }

  /**
   * The same with another number of trajectories worked on at one time (64). It changes speed and
   * memory, not results.
   */
  public OdeSolve lanes(int count) {
    StepSizeController.requirePositive("number of lanes", count);
    return with(copy -> copy.lanes = count);
  }

  /**
   * The same with another controller.
   *
   * @throws IllegalArgumentException if steps are to adapt and the method has no error estimate
   */
  public OdeSolve controller(StepSizeController other) {
    requireEstimate(tableau, other);
    return with(copy -> copy.controller = other);
  }

  /**
   * The same with errors averaged in groups; components in none do not count. By default all count
   * together, but for {@link VectorField#quadratures}.
   */
  public OdeSolve errorGroups(List<ErrorGroup> groups) {
    return with(copy -> copy.errorGroups = List.copyOf(groups));
  }

  /**
   * The same with events in place of those it had: {@link Solution#events} has when they happened.
   * A step ends at each, and counts as rejected as often as it is taken again to get there: three
   * or four times mostly.
   */
  public OdeSolve events(Event... all) {
    return with(copy -> copy.events = List.of(all));
  }

  private static double[] sorted(double[] times) {
    // No −0, for the search among them.
    double[] sorted = Arrays.stream(times).map(time -> time + 0.0).sorted().toArray();
    for (double time : sorted) {
      if (!Double.isFinite(time)) {
        throw new IllegalArgumentException("Expected finite times to step to, got " + time + ".");
      }
    }
    return sorted;
  }

  /**
   * Solves in double precision.
   *
   * @throws IllegalArgumentException if dimensions differ, steps are to be shared and times are not
   *     or there are events, or error groups do not fit
   */
  public Solution solve(VectorField field, Trajectories trajectories) {
    return solve(field, trajectories, null);
  }

  /** The same with somebody looking on; null for nobody. */
  public Solution solve(VectorField field, Trajectories trajectories, StepObserver observer) {
    check(field.dim(), trajectories);
    return new SolveLoop(this, field, trajectories, observer).run();
  }

  /** Solves with states in single precision; times, step sizes and norms stay double. */
  public Solution solve(FloatVectorField field, Trajectories trajectories) {
    return solve(field, trajectories, null);
  }

  /** The same with somebody looking on; null for nobody. */
  public Solution solve(
      FloatVectorField field, Trajectories trajectories, FloatStepObserver observer) {
    check(field.dim(), trajectories);
    return new FloatSolveLoop(this, field, trajectories, observer).run();
  }

  private void check(int dim, Trajectories trajectories) {
    if (dim != trajectories.dim()) {
      throw new IllegalArgumentException(
          "The field has %d components, the initial states have %d."
              .formatted(dim, trajectories.dim()));
    }
    if (stepControl == StepControl.SHARED && !trajectories.hasSharedTimes()) {
      throw new IllegalArgumentException(
          "Shared steps need the same times for all trajectories: use PER_TRAJECTORY.");
    }
    if (stepControl == StepControl.SHARED && !events.isEmpty()) {
      throw new IllegalArgumentException(
          "Shared steps cannot end at the events of each trajectory: use PER_TRAJECTORY.");
    }
    for (ErrorGroup group : errorGroups) {
      if (group.isPacked() && stepControl != StepControl.SHARED) {
        throw new IllegalArgumentException(
            "Packed numbers need shared steps, got %s with %s.".formatted(group, stepControl));
      }
      int numbers = group.isPacked() ? dim * trajectories.count() : dim;
      if (group.to() > numbers) {
        throw new IllegalArgumentException(
            "Cannot group the errors of components %d to %d of %d."
                .formatted(group.from(), group.to(), numbers));
      }
    }
  }

  /** The method. */
  public ButcherTableau tableau() {
    return tableau;
  }

  /** Whether steps are made of earlier ones' slopes too. */
  public boolean isMultistep() {
    return isMultistep;
  }

  /** How steps get their size. */
  public StepSizeController controller() {
    return controller;
  }

  /** Whose step size a batch takes. */
  public StepControl stepControl() {
    return stepControl;
  }

  /** Which states are kept. */
  public SaveAt saveAt() {
    return saveAt;
  }

  /** The most steps of a trajectory, rejected ones counted. */
  public int maxSteps() {
    return maxSteps;
  }

  double[] stepTo() {
    return stepTo;
  }

  /** Whether f is said to jump at some time. */
  public boolean hasJumps() {
    return jumpAt.length > 0;
  }

  double[] jumpAt() {
    return jumpAt;
  }

  boolean landsOnTimes() {
    return landsOnTimes;
  }

  int lanes() {
    return lanes;
  }

  /** Events; see {@link #events(Event...)}. */
  public List<Event> events() {
    return events;
  }

  /** Groups of components whose errors are averaged; none where all count together. */
  public List<ErrorGroup> errorGroups() {
    return errorGroups;
  }
}
