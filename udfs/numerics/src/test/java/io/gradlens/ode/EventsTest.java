package io.gradlens.ode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events: when they happen, what they do, and what they leave alone. */
class EventsTest {
  private static final Map<String, Double> GRAVITY = Map.of("g", 9.8);
  private static final String FALL = "dh = v; dv = -g";

  /** A ball of radius 0.2 that keeps 0.8 of its speed. */
  private static final Event BOUNCE =
      Event.of(EventRoot.level(0, 0.2)).falling().restart(RestartMap.scaling(1, -0.8));

  /** Of a ball dropped from 10. */
  private static final double[] BOUNCES = {
    1.4142135624, 3.6769552622, 5.4871486220, 6.9353033099, 8.0938270602
  };

  private static final double[] DROPPED = {10, 0};

  private static final ExpressionField OSCILLATOR =
      ExpressionField.parse("dx = v; dv = -x", Map.of());

  private static OdeSolve with(String method, double tolerance, Event... events) {
    return OdeSolve.with(Tableaus.named(method), StepSizeController.adaptive(tolerance, tolerance))
        .events(events);
  }

  private static Solution cosine(double from, double to, Event... events) {
    return with("dop853", 1e-12, events)
        .solve(
            OSCILLATOR,
            Trajectories.of(2, new double[] {Math.cos(from), -Math.sin(from)}, from, to));
  }

  private static double[] times(Solution solution, int trajectory) {
    return solution.events(trajectory).stream().mapToDouble(EventHit::t).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bosh3", "dopri5", "tsit5", "dop853", "kvaerno5"})
  void ballBouncesWhenItShould(String method) {
    Solution solution =
        with(method, 1e-11, BOUNCE)
            .solve(ExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 8.5));
    assertEquals(SolveStatus.SUCCESS, solution.status(0));
    assertArrayEquals(BOUNCES, times(solution, 0), 1e-10);
    double speed = 9.8 * Math.sqrt(2);
    for (EventHit hit : solution.events(0)) {
      assertEquals(0.2, hit.before()[0], 1e-13);
      assertEquals(-speed, hit.before()[1], 1e-11);
      speed *= 0.8;
      assertEquals(speed, hit.after()[1], 1e-11);
      assertEquals(hit.before()[0], hit.after()[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bosh3", "dopri5", "dop853"})
  void infinitelyManyBouncesEnd(String method) {
    Solution solution =
        with(method, 1e-9, BOUNCE)
            .solve(ExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 20));
    assertEquals(SolveStatus.STEP_TOO_SMALL, solution.status(0));
    // The first drop and then 2 Σ 0.8ⁿ times as long.
    assertEquals(9 * Math.sqrt(2), solution.reached(0), 1e-6);
  }

  @Test
  void bouncesOnTheGroundItselfEndToo() {
    Event bounce = Event.of(EventRoot.level(0, 0)).falling().restart(RestartMap.scaling(1, -0.5));
    Solution solution =
        with("dopri5", 1e-9, bounce)
            .solve(ExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 20));
    assertEquals(SolveStatus.STEP_TOO_SMALL, solution.status(0));
    assertEquals(3 * Math.sqrt(2 * 10 / 9.8), solution.reached(0), 1e-6);
  }

  @Test
  void fixedStepsBounceToo() {
    Solution solution =
        OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(0.25))
            .events(BOUNCE)
            .solve(ExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 8.5));
    assertEquals(SolveStatus.SUCCESS, solution.status(0));
    assertArrayEquals(BOUNCES, times(solution, 0), 1e-10);
  }

  @Test
  void directionsAreToldApart() {
    double[] falling = {Math.PI / 2, 5 * Math.PI / 2};
    double[] rising = {3 * Math.PI / 2, 7 * Math.PI / 2};
    double[] both = {falling[0], rising[0], falling[1], rising[1]};
    Event zero = Event.of(EventRoot.level(0, 0));
    assertArrayEquals(falling, times(cosine(0, 12, zero.falling()), 0), 1e-11);
    assertArrayEquals(rising, times(cosine(0, 12, zero.rising()), 0), 1e-11);
    assertArrayEquals(both, times(cosine(0, 12, zero), 0), 1e-11);
  }

  @Test
  void backwardsInTimeDirectionsAreThoseOfTheSolve() {
    double[] falling = {7 * Math.PI / 2, 3 * Math.PI / 2};
    Event zero = Event.of(EventRoot.level(0, 0));
    assertArrayEquals(falling, times(cosine(12, 0, zero.falling()), 0), 1e-11);
  }

  @Test
  void ballBouncesBackwardsInTime() {
    Event bounce =
        Event.of(EventRoot.level(0, 0.2)).falling().restart(RestartMap.scaling(1, -1.25));
    Solution back =
        with("dop853", 1e-12, bounce)
            .solve(
                ExpressionField.parse(FALL, GRAVITY),
                Trajectories.of(2, new double[] {0.2 + 4.9 * 0.25, 0}, BOUNCES[1] - 0.5, 0));
    assertArrayEquals(new double[] {BOUNCES[1] - 1, BOUNCES[1] - 2.25}, times(back, 0), 1e-10);
    assertEquals(-1.25 * 4.9, back.events(0).get(0).after()[1], 1e-10);
  }

  @Test
  void aZeroAtTheStartIsNoEvent() {
    Event zero = Event.of(EventRoot.level(0, 0));
    Solution solution =
        with("dop853", 1e-12, zero)
            .solve(OSCILLATOR, Trajectories.of(2, new double[] {0, 1, 0, -1}, 0, 5));
    assertArrayEquals(new double[] {Math.PI}, times(solution, 0), 1e-11);
    assertArrayEquals(new double[] {Math.PI}, times(solution, 1), 1e-11);
  }

  @Test
  void twoZerosInAStepAreSeenIfTheMiddleIsBetweenThem() {
    // (t − 0.5)² − 0.04, exact in one step.
    Solution solution =
        OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(1))
            .events(Event.of(EventRoot.level(0, 0)))
            .solve(
                ExpressionField.parse("dx = 2*(t - 0.5)", Map.of()),
                Trajectories.of(1, new double[] {0.21}, 0, 1));
    assertArrayEquals(new double[] {0.3, 0.7}, times(solution, 0), 1e-14);
  }

  @Test
  void aTerminalEventEndsTheTrajectory() {
    Event end = Event.of(EventRoot.level(0, 0)).terminal();
    OdeSolve solve = with("dopri5", 1e-11, end);
    Trajectories data = Trajectories.of(2, new double[] {1, 0}, 0, 1, 2, 3);
    for (SaveAt save : SaveAt.values()) {
      Solution solution = solve.saveAt(save).solve(OSCILLATOR, data);
      assertEquals(SolveStatus.TERMINATED, solution.status(0));
      assertTrue(solution.isSuccess());
      assertEquals(Math.PI / 2, solution.reached(0), 1e-10);
      assertArrayEquals(new double[] {0, -1}, solution.events(0).get(0).before(), 1e-10);
      int last = solution.times(0).length - 1;
      if (save == SaveAt.T1 || save == SaveAt.STEPS) {
        assertEquals(solution.reached(0), solution.times(0)[last]);
        assertArrayEquals(
            solution.events(0).get(0).before(),
            Arrays.copyOfRange(solution.ys(0), 2 * last, 2 * last + 2));
      } else {
        assertEquals(Math.cos(1), solution.y(0, 1, 0), 1e-10);
        assertTrue(Double.isNaN(solution.y(0, 2, 0)) && Double.isNaN(solution.y(0, 3, 1)));
      }
      if (save == SaveAt.DENSE) {
        assertEquals(Math.cos(1.5), solution.at(0, 1.5)[0], 1e-8);
        assertThrows(IllegalArgumentException.class, () -> solution.at(0, 1.6));
      }
    }
  }

  @Test
  void severalEventsHappenInOrder() {
    Event half = Event.of(EventRoot.level(0, 0.5));
    Event clock = Event.of((t, y) -> t - 1);
    Event end = Event.of(EventRoot.level(1, 0)).rising().terminal();
    Solution solution = cosine(0.5, 20, half, clock, half, end);
    List<Integer> which = solution.events(0).stream().map(EventHit::event).toList();
    assertEquals(List.of(1, 0, 2, 3), which);
    double third = Math.PI / 3;
    assertArrayEquals(new double[] {1, third, third, Math.PI}, times(solution, 0), 1e-11);
  }

  @Test
  void anEventInTheMeantimeOfAnotherIsNotLost() {
    // Both signs change in one step of the whole interval, the second event happens first.
    Solution solution =
        OdeSolve.with(Tableaus.named("rk4"), StepSizeController.fixed(1))
            .events(
                Event.of(EventRoot.level(0, 0.6)).restart(RestartMap.scaling(0)),
                Event.of(EventRoot.level(0, 0.55)))
            .solve(
                ExpressionField.parse("dx = 1", Map.of()),
                Trajectories.of(1, new double[] {0}, 0, 1));
    assertArrayEquals(new double[] {0.55, 0.6}, times(solution, 0), 1e-15);
    assertEquals(0.4, solution.y(0, 1, 0), 1e-15);
  }

  @Test
  void densePiecesAreContinuousFromTheRight() {
    Solution solution =
        with("dopri5", 1e-10, BOUNCE)
            .saveAt(SaveAt.DENSE)
            .solve(ExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 3));
    double bounce = solution.events(0).get(0).t();
    assertEquals(0.8 * 9.8 * Math.sqrt(2), solution.at(0, bounce)[1], 1e-9);
    assertEquals(-9.8 * Math.sqrt(2), solution.at(0, Math.nextDown(bounce))[1], 1e-9);
  }

  @Test
  void aTrajectoryIsTheSameAloneAndInABatch() {
    ExpressionField field = ExpressionField.parse("dh = v; dv = -g + 0.1*sin(t)*v", GRAVITY);
    Event end = Event.of((t, y) -> y[0] * y[0] + y[1] * y[1] - 20).falling().terminal();
    OdeSolve solve = with("dop853", 1e-8, BOUNCE, end).lanes(8);
    int count = 37;
    double[] y0 = new double[2 * count];
    double[][] ts = new double[count][];
    for (int i = 0; i < count; i++) {
      y0[2 * i] = 1 + i % 11;
      y0[2 * i + 1] = i % 7 - 3;
      ts[i] = new double[] {0.1 * (i % 5), 2, 3 + i % 3, 9};
    }
    Solution batch = solve.solve(field, Trajectories.of(2, y0, ts));
    int events = 0;
    for (int i = 0; i < count; i++) {
      Solution alone =
          solve.solve(field, Trajectories.of(2, Arrays.copyOfRange(y0, 2 * i, 2 * i + 2), ts[i]));
      assertArrayEquals(alone.ys(0), batch.ys(i));
      assertArrayEquals(times(alone, 0), times(batch, i));
      assertEquals(alone.status(0), batch.status(i));
      assertEquals(alone.stepsRejected(0), batch.stepsRejected(i));
      events += batch.events(i).size();
    }
    assertTrue(events > 2 * count, "events: " + events);
  }

  @Test
  void floatsBounceToo() {
    Solution solution =
        with("dopri5", 1e-6, BOUNCE)
            .solve(FloatExpressionField.parse(FALL, GRAVITY), Trajectories.of(2, DROPPED, 0, 8.5));
    assertEquals(SolveStatus.SUCCESS, solution.status(0));
    assertArrayEquals(BOUNCES, times(solution, 0), 1e-5);
    assertTrue(solution.stepsRejected(0) < 50, "retaken: " + solution.stepsRejected(0));
    for (EventHit hit : solution.events(0)) {
      assertEquals((float) hit.after()[1], hit.after()[1]);
    }
  }

  @Test
  void touchingIsGrazingWhereItMatters() {
    // (t − 0.5)² − depth, and a step ends at its least value.
    ExpressionField field = ExpressionField.parse("dx = 2*(t - 0.5)", Map.of());
    OdeSolve solve = with("dop853", 1e-10).stepTo(0.5);
    Event zero = Event.of(EventRoot.level(0, 0));
    Event restart = zero.restart(RestartMap.scaling(1));
    Trajectories touching = Trajectories.of(1, new double[] {0.25 - 1e-12}, 0, 1);
    Trajectories crossing = Trajectories.of(1, new double[] {0.25 - 1e-3}, 0, 1);
    for (Event matters : List.of(zero.terminal(), restart)) {
      OdeSolve with = solve.events(matters);
      assertEquals(SolveStatus.GRAZING, with.solve(field, touching).status(0));
      assertTrue(with.solve(field, crossing).isSuccess());
    }
    Solution noted = solve.events(zero).solve(field, touching);
    assertEquals(SolveStatus.SUCCESS, noted.status(0));
    assertArrayEquals(new double[] {0.5 - 1e-6, 0.5 + 1e-6}, times(noted, 0), 1e-9);
  }

  @Test
  void misuseIsRefused() {
    OdeSolve shared = with("dopri5", 1e-6, BOUNCE).stepControl(StepControl.SHARED);
    Trajectories data = Trajectories.of(2, DROPPED, 0, 1);
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> shared.solve(ExpressionField.parse(FALL, GRAVITY), data))
            .getMessage()
            .contains("PER_TRAJECTORY"));
    assertThrows(IllegalArgumentException.class, BOUNCE::terminal);
  }
}
