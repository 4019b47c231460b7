package io.gradlens.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.Event;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.EventRoot;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.RestartMap;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFormulaTest {

  private static final String BALL =
      """
      type = expression
      formulas = "dx = v; dv = -g"
      parameters { g = 9.8 }
      events = [
        { root = "x - 0.2", direction = falling, restart { v = "-(1 - 0.2)*v" } }
      ]
      """;

  @TempDir private Path folder;

  @Test
  void ballBouncesAtTheTimesOfTheClosedForm() throws Exception {
    FieldFile file = read(BALL);
    Solution solution =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-10, 1e-12))
            .events(file.newEvents())
            .solve(file.field().build(), Trajectories.of(2, new double[] {10, 0}, 0, 9));

    assertThat(solution.events(0).stream().mapToDouble(EventHit::t).toArray())
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(1.4142135624, 3.6769552622, 5.4871486220, 6.9353033099, 8.0938270602);
  }

  @Test
  void derivativesAreThoseOfTheFormulas() throws Exception {
    FieldFile file =
        read(
            """
            type = expression
            formulas = "dx = b*v; dv = -a*x"
            parameters { a = 1.5, b = 0.5 }
            events = [
              { root = "a*x*v - t^2", restart { x = "b*v*t", v = "x - a*v" } }
            ]
            """);
    Event event = file.newEvents()[0];
    double[] theta = file.field().theta();
    assertThat(file.field().parameterNames()).containsExactly("b", "a");
    double[] gradY = {1, 1};
    double[] gradTheta = {1, 1};

    double gradT = event.root().vjp(3, new double[] {2, 5}, 2, gradY, gradTheta);

    assertThat(event.root().value(3, new double[] {2, 5})).isEqualTo(1.5 * 10 - 9);
    assertThat(gradT).isEqualTo(-12);
    assertThat(gradY).containsExactly(1 + 2 * 1.5 * 5, 1 + 2 * 1.5 * 2);
    assertThat(gradTheta).containsExactly(1, 1 + 2 * 10);

    double[] after = new double[2];
    event.restart().apply(3, new double[] {2, 5}, after);
    assertThat(after).containsExactly(theta[0] * 5 * 3, 2 - theta[1] * 5);
    Arrays.fill(gradY, 0);
    Arrays.fill(gradTheta, 0);
    double restartT =
        event.restart().vjp(3, new double[] {2, 5}, new double[] {10, 1}, gradY, gradTheta);
    assertThat(restartT).isEqualTo(10 * 0.5 * 5);
    assertThat(gradY).containsExactly(1, 10 * 0.5 * 3 - 1.5);
    assertThat(gradTheta).containsExactly(10 * 5 * 3, -5);
  }

  @Test
  void statesOfFieldsWithoutNamesAreNumberedFrom1() throws Exception {
    FieldFile file =
        read(
            """
            type = pendulum
            events = [{ root = "y1 - c", direction = rising, terminal = true }]
            """);
    Event event = file.newEvents()[0];

    assertThat(event.isTerminal()).isTrue();
    assertThat(event.root().value(0, new double[] {0.5, 9})).isCloseTo(0.4, within(1e-15));
    EventRoot root = event.root();
    double[] gradTheta = new double[2];
    root.vjp(0, new double[] {0.5, 9}, 1, new double[2], gradTheta);
    assertThat(gradTheta).containsExactly(0, -1);
    RestartMap none = event.restart();
    assertThat(none).isNull();
  }

  private FieldFile read(String text) throws Exception {
    return FieldFile.read(Files.writeString(folder.resolve("field.conf"), text));
  }
}
