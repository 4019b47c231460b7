package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.ode.DifferentiableField;
import java.util.EnumMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every registered system must do. */
class ClassicalSystemsTest {

  /** Slopes with the default parameters, worked out from the formulas at y = (1, 2[, 3]). */
  private static final Map<ClassicalSystems, double[]> BY_HAND =
      new EnumMap<>(
          Map.of(
              ClassicalSystems.LINEAR, new double[] {3.9, -2.2},
              ClassicalSystems.LOTKA_VOLTERRA, new double[] {0.494, -1.552},
              ClassicalSystems.VAN_DER_POL, new double[] {2, -1},
              ClassicalSystems.LORENZ, new double[] {10, 23, -6},
              ClassicalSystems.ROBERTSON, new double[] {59999.96, -120059999.96, 1.2e8},
              ClassicalSystems.PENDULUM, new double[] {2, -9.81 * 0.8414709848078965 - 0.2},
              ClassicalSystems.FITZHUGH_NAGUMO, new double[] {-5 / 6.0, 0.008},
              ClassicalSystems.SIR, new double[] {-3.32, 2.44, 0.88}));

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void equalsTheFormulaWorkedOutByHand(ClassicalSystems system) {
    double[] expected = BY_HAND.get(system);
    assertThat(expected).as("work the slopes out for a new system").isNotNull();
    DifferentiableField field = system.field();
    assertThat(field.dim()).isEqualTo(expected.length);
    double[] dydt = new double[expected.length];
    field.apply(new double[1], new double[] {1, 2, 3}, dydt);
    for (int i = 0; i < dydt.length; i++) {
      assertThat(dydt[i])
          .as("component %d", i)
          .isCloseTo(expected[i], Offset.offset(1e-13 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void vjpMatchesCentralDifferences(ClassicalSystems system) {
    for (long seed = 1; seed <= 5; seed++) {
      FieldChecks.vjpMatchesCentralDifferences(system.field(), seed, system.id());
    }
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void aLaneDoesNotDependOnItsNeighbours(ClassicalSystems system) {
    FieldChecks.aLaneDoesNotDependOnItsNeighbours(system.field(), 6, system.id());
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void gradientsAreAddedAndInputsOnlyRead(ClassicalSystems system) {
    FieldChecks.gradientsAreAddedAndInputsOnlyRead(system.field(), 7);
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void quadraturesAreNotRead(ClassicalSystems system) {
    FieldChecks.quadraturesAreNotRead(system.field(), 8);
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void floatTwinAgrees(ClassicalSystems system) {
    FieldChecks.floatTwinAgrees(
        system.field(), FloatClassicalSystems.named(system.id()).field(), 9, system.id());
  }

  @ParameterizedTest
  @EnumSource(ClassicalSystems.class)
  void parametersAreCopiedAndNamed(ClassicalSystems system) {
    DifferentiableField field = system.field();
    double[] theta = field.theta();
    theta[0] = 42;
    assertThat(field.theta()[0]).isNotEqualTo(42);
    field.setTheta(theta);
    theta[0] = 43;
    assertThat(field.theta()[0]).isEqualTo(42);
    assertThat(system.field().theta()[0]).as("defaults stay").isNotEqualTo(42);
    if (system != ClassicalSystems.LINEAR) {
      assertThat(system.parameters()).hasSize(field.params()).doesNotHaveDuplicates();
    }
    assertThatThrownBy(() -> field.setTheta(new double[99]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set 99 parameters: the field has %d.".formatted(field.params()));
  }

  @Test
  void aLinearSystemHasTheSizeOfItsMatrix() {
    DifferentiableField field = ClassicalSystems.LINEAR.field(1, 2, 3, 4, 5, 6, 7, 8, 9);
    double[] dydt = new double[3];
    field.apply(new double[1], new double[] {1, 10, 100}, dydt);
    assertThat(dydt).containsExactly(321, 654, 987);
    FieldChecks.vjpMatchesCentralDifferences(field, 10, "3 x 3");
    assertThatThrownBy(() -> ClassicalSystems.LINEAR.field(1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("System 'linear' takes a square matrix, row by row; got 3 numbers.");
  }

  @Test
  void namesAreUniqueAndFoundAgain() {
    assertThat(ClassicalSystems.values())
        .extracting(ClassicalSystems::id)
        .doesNotHaveDuplicates()
        .allSatisfy(id -> assertThat(ClassicalSystems.named(id).id()).isEqualTo(id));
  }

  @Test
  void anUnknownSystemIsRefusedWithTheNames() {
    assertThatThrownBy(() -> ClassicalSystems.named("lotka"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "System 'lotka' is not known; systems are: linear, lotka-volterra, van-der-pol,"
                + " lorenz, robertson, pendulum, fitzhugh-nagumo, sir.");
  }

  @Test
  void theWrongNumberOfParametersIsRefusedWithTheirNames() {
    assertThatThrownBy(() -> ClassicalSystems.LORENZ.field(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("System 'lorenz' takes 3 parameters (sigma, rho, beta); got 2.");
  }
}
