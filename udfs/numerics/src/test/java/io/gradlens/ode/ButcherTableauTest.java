package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.ode.ButcherTableau.Builder;
import org.junit.jupiter.api.Test;

class ButcherTableauTest {

  @Test
  void slopeAtTheEndAndStagesForDenseOutputFollowTheMethod() {
    ButcherTableau tableau =
        heun().c(0, 1, .5).a(row(), row(1), row(.25, .125, .125)).dense(row(-1, 0, 0, 1)).build();
    assertThat(tableau.stages()).isEqualTo(2);
    assertThat(tableau.end()).isEqualTo(2);
    assertThat(tableau.allStages()).isEqualTo(4);
    assertThat(tableau.denseStages()).isEqualTo(4);
    assertThat(tableau.c(2)).isEqualTo(1);
    assertThat(tableau.a(2, 0)).isEqualTo(.5);
    assertThat(tableau.c(3)).isEqualTo(.5);
    assertThat(tableau.a(3, 2)).isEqualTo(.125);
    assertThat(tableau.a(3, 3)).isZero();
    assertThat(tableau.b(3)).isZero();
  }

  @Test
  void fsalAsksForTheNodeOneAndTheRowOfWeights() {
    assertThat(heun().build().isFsal()).isFalse();
    Builder trapezoid = heun().a(row(), row(.5, .5));
    assertThat(trapezoid.build().isFsal()).isTrue();
    assertThat(trapezoid.build().gamma()).isEqualTo(.5);
    assertThat(trapezoid.build().allStages()).isEqualTo(2);
  }

  @Test
  void arraysGivenToTheBuilderStayTheCallers() {
    double[] b = {.5, .5};
    double[] error = {-.5, .5};
    ButcherTableau tableau = heun().b(b).error(1, error).build();
    b[0] = 7;
    error[0] = 7;
    assertThat(tableau.b(0)).isEqualTo(.5);
    assertThat(tableau.error(0, 0)).isEqualTo(-.5);
  }

  @Test
  void errorsNameWhatIsViolated() {
    check(heun().b(.5, .25), "Tableau heun: expected weights b to sum to 1.0, got 0.75.");
    check(heun().b(), "Tableau heun: expected weights b to sum to 1.0, got 0.0.");
    check(heun().c(0, .9), "Tableau heun: expected row 1 of a to sum to 0.9, got 1.0.");
    check(heun().c(.5, 1), "Tableau heun: expected row 0 of a to sum to 0.5, got 0.0.");
    check(
        heun().c(0),
        "Tableau heun: expected a row of a and a node c for each of 2 stages, got 2 rows and 1"
            + " nodes.");
    check(
        heun().a(row()),
        "Tableau heun: expected a row of a and a node c for each of 2 stages, got 1 rows and 2"
            + " nodes.");
    check(
        heun().a(row(), row(.5, .25, .25)),
        "Tableau heun: expected row 1 of a to end at its diagonal.");
    check(
        heun().error(1, row(.5, .5)),
        "Tableau heun: expected error weights to sum to 0.0, got 1.0.");
    check(
        heun().error(1, row(1, 0, 0, -1)),
        "Tableau heun: expected error weights for the stages of a step only.");
    check(
        heun().dense(row(.5, .5)),
        "Tableau heun: expected weights of the dense output to sum to 0.0, got 1.0.");
    check(
        heun().dense(row(1, 0, 0, -1)),
        "Tableau heun: expected a dense output of the 3 stages there are.");
  }

  @Test
  void diagonalIsZeroFirstAndOneValueAfterIt() {
    Builder three = ButcherTableau.named("three", 1).c(0, 1, 1).b(0, 0, 1);
    check(
        three.a(row(), row(.5, .5), row(.75, 0, .25)),
        "Tableau three: expected 0.5 on the diagonal of row 2 of a, got 0.25.");
    check(
        three.c(1, 1, 1).a(row(1), row(.5, .5), row(.5, 0, .5)),
        "Tableau three: expected 0.0 on the diagonal of row 0 of a, got 1.0.");
  }

  private static void check(Builder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Builder heun() {
    return ButcherTableau.named("heun", 2).c(0, 1).a(row(), row(1)).b(.5, .5);
  }

  private static double[] row(double... values) {
    return values;
  }
}
