package io.gradlens.ode.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradlens.ode.Event;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.EventRoot;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.RestartMap;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients through events, against closed forms and central differences. */
class EventGradientsTest {
  private static final String FALL = "dh = v; dv = -g";
  private static final Map<String, Double> GRAVITY = Map.of("g", 9.8);
  private static final Event GROUND = Event.of(EventRoot.level(0, 0.2)).falling();
  private static final Event BOUNCE = GROUND.restart(RestartMap.scaling(1, -0.8));

  /** Weights of the states' squares at every time, and of the events' times and states. */
  private static final Loss LOSS =
      new Loss() {
        @Override
        public double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs) {
          double loss = 0;
          for (int i = 0; i < ys.length; i++) {
            if (!Double.isNaN(ys[i])) {
              double weight = 1 + 0.3 * (i % 5);
              loss += weight * ys[i] * ys[i] / 2;
              gradYs[i] = weight * ys[i];
            }
          }
          return loss;
        }

        @Override
        public double evaluateEvents(
            int trajectory, List<EventHit> events, double[] gradTimes, double[] gradStates) {
          double loss = 0;
          int dim = gradStates.length / gradTimes.length;
          for (int e = 0; e < events.size(); e++) {
            EventHit hit = events.get(e);
            loss += 0.7 * hit.t() * hit.t();
            gradTimes[e] = 1.4 * hit.t();
            for (int d = 0; d < dim; d++) {
              loss += (d + 0.5) * hit.before()[d];
              gradStates[e * dim + d] = d + 0.5;
            }
          }
          return loss;
        }
      };

  /** The ground swings, and so does what the ball keeps of its speed. */
  private static Event swinging(ExpressionField field) {
    EventRoot ground =
        new EventRoot() {
          @Override
          public double value(double t, double[] y) {
            return y[0] - 0.3 * Math.sin(2 * t) * field.theta()[1];
          }

          @Override
          public double vjp(
              double t, double[] y, double weight, double[] gradY, double[] gradTheta) {
            gradY[0] += weight;
            if (gradTheta != null) {
              gradTheta[1] -= 0.3 * Math.sin(2 * t) * weight;
            }
            return -0.6 * Math.cos(2 * t) * field.theta()[1] * weight;
          }
        };
    RestartMap restart =
        new RestartMap() {
          @Override
          public void apply(double t, double[] before, double[] after) {
            after[0] = before[0];
            after[1] = field.theta()[1] * (Math.cos(t) - 1.2 * before[1]) + 0.01 * before[0];
          }

          @Override
          public double vjp(
              double t, double[] before, double[] cotangent, double[] gradY, double[] gradTheta) {
            double a = cotangent[1];
            gradY[0] += cotangent[0] + 0.01 * a;
            gradY[1] -= 1.2 * field.theta()[1] * a;
            if (gradTheta != null) {
              gradTheta[1] += (Math.cos(t) - 1.2 * before[1]) * a;
            }
            return -Math.sin(t) * field.theta()[1] * a;
          }
        };
    return Event.of(ground).falling().restart(restart);
  }

  private static ExpressionField driven() {
    return ExpressionField.parse(
        "dh = v; dv = -g - r*v^3*0.005 + sin(3*t)*h", Map.of("g", 9.8, "r", 0.75));
  }

  private static OdeSolve with(double tolerance, Event... events) {
    return OdeSolve.with(
            Tableaus.named("dop853"), StepSizeController.adaptive(tolerance, tolerance))
        .events(events);
  }

  private static DiscreteAdjoint adjoint(OdeSolve solve, ExpressionField field) {
    return new DiscreteAdjoint(solve, field, ThetaGradient.SUM, StepMemory.store());
  }

  /** All that a loss depends on: y₀, times, θ. */
  private static double[] gather(double[] y0, double[] ts, double[] theta) {
    double[] all = Arrays.copyOf(y0, y0.length + ts.length + theta.length);
    System.arraycopy(ts, 0, all, y0.length, ts.length);
    System.arraycopy(theta, 0, all, y0.length + ts.length, theta.length);
    return all;
  }

  private static double loss(OdeSolve solve, ExpressionField field, int dim, int n, double[] x) {
    double[] theta = field.theta();
    field.setTheta(Arrays.copyOfRange(x, dim + n, x.length));
    Trajectories data =
        Trajectories.of(dim, Arrays.copyOf(x, dim), Arrays.copyOfRange(x, dim, dim + n));
    double loss =
        new DiscreteAdjoint(solve, field, ThetaGradient.NONE, StepMemory.recompute())
            .gradient(data, LOSS)
            .loss();
    field.setTheta(theta);
    return loss;
  }

  private static void assertMatchesDifferences(
      OdeSolve solve, ExpressionField field, double[] y0, double[] ts, double tolerance) {
    Gradients gradients = adjoint(solve, field).gradient(Trajectories.of(y0.length, y0, ts), LOSS);
    assertTrue(gradients.solution().isSuccess());
    if (!solve.events().isEmpty()) {
      assertBacksolveAgrees(solve, field, y0, ts, gradients, tolerance);
    }
    double[] gradient = gather(gradients.gradY0(0), gradients.gradT(0), gradients.gradTheta());
    double[] x = gather(y0, ts, field.theta());
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      double h = 3e-4 * Math.max(1, Math.abs(at));
      double[] f = new double[5];
      for (int j = 0; j < 5; j++) {
        x[i] = at + (j - 2) * h;
        f[j] = loss(solve, field, y0.length, ts.length, x);
      }
      x[i] = at;
      double difference = (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * h);
      assertEquals(
          difference, gradient[i], tolerance * Math.max(1, Math.abs(difference)), "number " + i);
    }
  }

  private static void assertBacksolveAgrees(
      OdeSolve solve,
      ExpressionField field,
      double[] y0,
      double[] ts,
      Gradients gradients,
      double tolerance) {
    Gradients back =
        new BacksolveAdjoint(solve, solve, field, ThetaGradient.SUM, ThetaNorm.FULL)
            .gradient(Trajectories.of(y0.length, y0, ts), LOSS);
    double scale = tolerance * Arrays.stream(gradients.gradTheta()).map(Math::abs).max().orElse(1);
    assertArrayEquals(gradients.gradY0(0), back.gradY0(0), scale);
    assertArrayEquals(gradients.gradTheta(), back.gradTheta(), scale);
    assertArrayEquals(gradients.gradT(0), back.gradT(0), scale);
  }

  @Test
  void severalBounces() {
    assertMatchesDifferences(
        with(1e-12, BOUNCE),
        ExpressionField.parse(FALL, GRAVITY),
        new double[] {10, 1},
        new double[] {0, 1, 2, 5.2, 8},
        1e-9);
  }

  @Test
  void drivenBallOnSwingingGround() {
    ExpressionField field = driven();
    assertMatchesDifferences(
        with(1e-12, swinging(field)),
        field,
        new double[] {3, 0.5},
        new double[] {0.1, 0.7, 1.5, 2.2, 3.1},
        1e-9);
  }

  @Test
  void backwardsInTime() {
    ExpressionField field = driven();
    assertMatchesDifferences(
        with(1e-12, swinging(field)),
        field,
        new double[] {3, 0.5},
        new double[] {3.1, 2.4, 1.3, 0.4},
        1e-9);
  }

  @Test
  void terminalEvent() {
    ExpressionField field = driven();
    assertMatchesDifferences(
        with(1e-12, Event.of(swinging(field).root()).terminal()),
        field,
        new double[] {3, 0.5},
        new double[] {0.1, 0.5, 2, 3},
        1e-9);
  }

  @Test
  void eventsThatAreOnlyNoted() {
    ExpressionField field = driven();
    assertMatchesDifferences(
        with(1e-12, swinging(field), Event.of(EventRoot.level(1, -2))),
        field,
        new double[] {3, 0.5},
        new double[] {0.1, 0.7, 1.5, 2.2, 3.1},
        1e-9);
  }

  @Test
  void jumpsOfTheField() {
    ExpressionField field =
        ExpressionField.parse(
            "dx = -a*x + b*min(1, max(0, 1e18*(t - 1)))*(1 + x)", Map.of("a", 1.0, "b", 2.0));
    assertMatchesDifferences(
        with(1e-12).jumpAt(1), field, new double[] {1.5}, new double[] {0.2, 0.9, 1.7, 2.5}, 1e-9);
  }

  /** h₀ + vτ − gτ²/2 = 0.2. */
  @ParameterizedTest
  @ValueSource(strings = {"dopri5", "dop853", "rk4", "kvaerno5"})
  void impactOfAThrownBall(String method) {
    double g = 9.8;
    double v = 3;
    double root = Math.sqrt(v * v + 2 * g * 1.3);
    double tau = (v + root) / g;
    Loss time =
        new Loss() {
          @Override
          public double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs) {
            return 0;
          }

          @Override
          public double evaluateEvents(
              int trajectory, List<EventHit> events, double[] gradTimes, double[] gradStates) {
            gradTimes[0] = 1;
            gradStates[1] = 10;
            return events.get(0).t() + 10 * events.get(0).before()[1];
          }
        };
    StepSizeController controller =
        method.equals("rk4")
            ? StepSizeController.fixed(0.3)
            : StepSizeController.adaptive(1e-10, 1e-10);
    OdeSolve solve = OdeSolve.with(Tableaus.named(method), controller).events(GROUND.terminal());
    Gradients gradients =
        adjoint(solve, ExpressionField.parse(FALL, GRAVITY))
            .gradient(Trajectories.of(2, new double[] {1.5, v}, 0, 9), time);
    assertEquals(SolveStatus.TERMINATED, gradients.solution().status(0));
    assertEquals(tau - 10 * root, gradients.loss(), 1e-12);
    // dτ/dh₀ = 1/root, dτ/dv = (1 + v/root)/g; the speed at impact is root.
    assertArrayEquals(
        new double[] {1 / root - 10 * g / root, (1 + v / root) / g - 10 * v / root},
        gradients.gradY0(0),
        1e-11);
    assertEquals(1.3 / (g * root) - tau / g - 10 * 1.3 / root, gradients.gradTheta()[0], 1e-11);
    assertArrayEquals(new double[] {1, 0}, gradients.gradT(0), 1e-11);
  }

  @Test
  void aTrajectorysGradientIsTheSameAloneAndInABatchAndWithAnyMemory() {
    ExpressionField field = driven();
    OdeSolve solve =
        with(1e-7, swinging(field), Event.of(EventRoot.level(1, 8)).terminal()).lanes(8);
    int count = 21;
    double[] y0 = new double[2 * count];
    double[][] ts = new double[count][];
    for (int i = 0; i < count; i++) {
      y0[2 * i] = 1 + 0.3 * i;
      y0[2 * i + 1] = i % 7 - 3;
      ts[i] = new double[] {0.1 * (i % 5), 1, 1.5 + i % 3, 4};
    }
    Trajectories data = Trajectories.of(2, y0, ts);
    ThetaGradient each = ThetaGradient.PER_TRAJECTORY;
    Gradients batch =
        new DiscreteAdjoint(solve, field, each, StepMemory.store()).gradient(data, LOSS);
    double[] sum = new double[field.params()];
    for (StepMemory memory : List.of(StepMemory.recompute(), StepMemory.checkpoints(20_000))) {
      Gradients other = new DiscreteAdjoint(solve, field, each, memory).gradient(data, LOSS);
      for (int i = 0; i < count; i++) {
        assertArrayEquals(batch.gradY0(i), other.gradY0(i));
        assertArrayEquals(batch.gradTheta(i), other.gradTheta(i));
        assertArrayEquals(batch.gradT(i), other.gradT(i));
      }
    }
    int events = 0;
    for (int i = 0; i < count; i++) {
      events += batch.solution().events(i).size();
      Gradients alone =
          new DiscreteAdjoint(solve, field, each, StepMemory.store())
              .gradient(Trajectories.of(2, Arrays.copyOfRange(y0, 2 * i, 2 * i + 2), ts[i]), LOSS);
      assertArrayEquals(alone.gradY0(0), batch.gradY0(i));
      assertArrayEquals(alone.gradTheta(0), batch.gradTheta(i));
      for (int p = 0; p < sum.length; p++) {
        sum[p] += alone.gradTheta(0)[p];
      }
    }
    assertTrue(events > count, "events: " + events);
    double[] total = adjoint(solve, field).gradient(data, LOSS).gradTheta();
    for (int p = 0; p < sum.length; p++) {
      assertEquals(sum[p], total[p], 1e-10 * Math.abs(sum[p]));
    }
  }

  @Test
  void backsolveOfABatchAgrees() {
    ExpressionField field = driven();
    OdeSolve solve =
        with(1e-11, swinging(field), Event.of(EventRoot.level(1, 8)).terminal()).lanes(8);
    double[] y0 = {3, 0.5, 1, 0, 6, -2};
    Trajectories data =
        Trajectories.of(2, y0, new double[][] {{0, 1, 3}, {0.1, 0.5, 1.5, 2.5}, {0.3, 2}});
    ThetaGradient each = ThetaGradient.PER_TRAJECTORY;
    Gradients discrete =
        new DiscreteAdjoint(solve, field, each, StepMemory.recompute()).gradient(data, LOSS);
    Gradients back =
        new BacksolveAdjoint(solve, solve, field, each, ThetaNorm.SEMINORM).gradient(data, LOSS);
    for (int i = 0; i < data.count(); i++) {
      double scale = 1e-7 * Math.max(1, Math.abs(discrete.gradTheta(i)[1]));
      assertArrayEquals(discrete.gradY0(i), back.gradY0(i), scale);
      assertArrayEquals(discrete.gradTheta(i), back.gradTheta(i), scale);
      assertArrayEquals(discrete.gradT(i), back.gradT(i), scale);
    }
  }

  @Test
  void aRunningCostGoesThroughEvents() {
    RunningCost field =
        new RunningCost(ExpressionField.parse(FALL, GRAVITY), Cost.kineticEnergy(2));
    Loss loss = field.loss(LOSS, 0.1);
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(with(1e-12, BOUNCE), field, ThetaGradient.NONE, StepMemory.store());
    double[] y0 = {3, 1, 0};
    Gradients gradients = adjoint.gradient(Trajectories.of(3, y0, 0, 1, 2.5), loss);
    for (int i = 0; i < 2; i++) {
      double at = y0[i];
      double[] f = new double[5];
      for (int j = 0; j < 5; j++) {
        y0[i] = at + (j - 2) * 3e-4;
        f[j] = adjoint.gradient(Trajectories.of(3, y0, 0, 1, 2.5), loss).loss();
      }
      y0[i] = at;
      double difference = (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * 3e-4);
      assertEquals(difference, gradients.gradY0(0)[i], 1e-9 * Math.abs(difference));
    }
  }

  @Test
  void frozenStepsAreNoCheck() {
    OdeSolve solve = with(1e-6, BOUNCE);
    ExpressionField field = ExpressionField.parse(FALL, GRAVITY);
    assertThrows(IllegalArgumentException.class, () -> new GradientCheck(solve, field));
  }

  @Test
  void anEventWithoutDerivativesSaysSo() {
    Event event = Event.of((t, y) -> y[0]).terminal();
    UnsupportedOperationException thrown =
        assertThrows(
            UnsupportedOperationException.class,
            () ->
                adjoint(with(1e-6, event), ExpressionField.parse(FALL, GRAVITY))
                    .gradient(Trajectories.of(2, new double[] {10, 1}, 0, 9), LOSS));
    assertTrue(thrown.getMessage().contains("override EventRoot.vjp"), thrown.getMessage());
  }

  @Test
  void aGrazingTrajectoryHasNoGradientAndSpoilsNoOther() {
    // (t − 0.5)² − depth, with a step that ends at its least value.
    ExpressionField field = ExpressionField.parse("dx = 2*a*(t - 0.5)", Map.of("a", 1.0));
    OdeSolve solve = with(1e-10, Event.of(EventRoot.level(0, 0)).terminal()).stepTo(0.5);
    Trajectories data = Trajectories.of(1, new double[] {0.25 - 1e-12, 0.21}, 0, 0.1, 1);
    Gradients gradients = adjoint(solve, field).gradient(data, LOSS);
    assertEquals(SolveStatus.GRAZING, gradients.solution().status(0));
    assertTrue(Double.isNaN(gradients.gradY0(0)[0]));
    assertEquals(SolveStatus.TERMINATED, gradients.solution().status(1));
    Gradients alone =
        adjoint(solve, field).gradient(Trajectories.of(1, new double[] {0.21}, 0, 0.1, 1), LOSS);
    assertArrayEquals(alone.gradY0(0), gradients.gradY0(1));
    assertArrayEquals(alone.gradTheta(), gradients.gradTheta());
  }

  @Test
  void floatsAgree() {
    double[] y0 = {10, 1};
    Trajectories data = Trajectories.of(2, y0, 0, 1, 2, 5.2);
    Gradients exact =
        adjoint(with(1e-10, BOUNCE), ExpressionField.parse(FALL, GRAVITY)).gradient(data, LOSS);
    Gradients single =
        new FloatDiscreteAdjoint(
                with(1e-6, BOUNCE),
                FloatExpressionField.parse(FALL, GRAVITY),
                ThetaGradient.SUM,
                StepMemory.store())
            .gradient(data, LOSS);
    double scale = 130;
    assertArrayEquals(exact.gradY0(0), single.gradY0(0), 1e-5 * scale);
    assertArrayEquals(exact.gradTheta(), single.gradTheta(), 1e-5 * scale);
    assertArrayEquals(exact.gradT(0), single.gradT(0), 1e-5 * scale);
  }
}
