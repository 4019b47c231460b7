package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatClassicalSystems;
import io.gradlens.ode.field.FloatExpressionField;
import io.gradlens.ode.nn.FloatMlp;
import io.gradlens.ode.nn.Mlp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** States in single precision give what double precision gives. */
class FloatTwinTest {

  /** On the same steps. */
  private static final double ALLOWED = 1e-4;

  /** On steps of their own, at tolerances of 1e-6. */
  private static final double ALLOWED_APART = 1e-3;

  static Stream<Arguments> cases() {
    List<Tableaus> methods =
        List.of(Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853, Tableaus.BOSH3);
    return AdjointCase.all().stream()
        .flatMap(each -> Stream.of(each, each.backwards()))
        .flatMap(each -> methods.stream().map(method -> Arguments.of(each, method)));
  }

  private static FloatDifferentiableField twin(AdjointCase data) {
    if (data.field() instanceof Mlp network) {
      return new FloatMlp(network.shape(), network.theta());
    }
    if (data.field() instanceof ExpressionField formulas) {
      Map<String, Double> parameters = new HashMap<>();
      for (int p = 0; p < formulas.params(); p++) {
        parameters.put(formulas.parameters().get(p), formulas.theta()[p]);
      }
      return FloatExpressionField.parse(formulas.toString(), parameters);
    }
    String id = data.name().replace(" backwards", "").replace("epidemic", "sir");
    return FloatClassicalSystems.named(id).field(data.field().theta());
  }

  private static OdeSolve fixed(Tableaus method) {
    return OdeSolve.with(method.tableau(), StepSizeController.fixed(.06));
  }

  private static OdeSolve adaptive(Tableaus method) {
    return OdeSolve.with(method.tableau(), StepSizeController.adaptive(1e-6, 1e-6));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void solutionsAgree(AdjointCase data, Tableaus method) {
    for (StepControl control : StepControl.values()) {
      for (SaveAt save : new SaveAt[] {SaveAt.TS, SaveAt.T1, SaveAt.DENSE}) {
        checkSolution(fixed(method).stepControl(control).saveAt(save), data, ALLOWED);
        checkSolution(adaptive(method).stepControl(control).saveAt(save), data, ALLOWED_APART);
      }
    }
  }

  private static void checkSolution(OdeSolve how, AdjointCase data, double allowed) {
    Solution expected = how.solve(data.field(), data.trajectories());
    Solution actual = how.solve(twin(data), data.trajectories());
    assertThat(actual.isSuccess()).isTrue();
    for (int i = 0; i < data.count(); i++) {
      assertThat(AdjointCase.distance(actual.ys(i), expected.ys(i)))
          .as("trajectory %d, in single precision: not the same", i)
          .isBetween(1e-12, allowed);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAgree(AdjointCase data, Tableaus method) {
    Trajectories starts = data.trajectories();
    OdeSolve fixed = fixed(method);
    OdeSolve own = adaptive(method);
    OdeSolve shared = own.stepControl(StepControl.SHARED);
    ThetaGradient each = ThetaGradient.PER_TRAJECTORY;
    for (StepMemory memory :
        new StepMemory[] {
          StepMemory.store(), StepMemory.recompute(), StepMemory.checkpoints(3000)
        }) {
      Gradients expected =
          new DiscreteAdjoint(fixed, data.field(), each, memory)
              .gradient(starts, AdjointCase::loss);
      Gradients actual =
          new FloatDiscreteAdjoint(fixed, twin(data), each, memory)
              .gradient(starts, AdjointCase::loss);
      assertClose(actual, expected, data, ALLOWED, "discrete " + memory);
    }
    Gradients expected =
        new BacksolveAdjoint(own, own, data.field(), each, ThetaNorm.FULL)
            .gradient(starts, AdjointCase::loss);
    Gradients actual =
        new FloatBacksolveAdjoint(own, own, twin(data), each, ThetaNorm.FULL)
            .gradient(starts, AdjointCase::loss);
    assertClose(actual, expected, data, ALLOWED_APART, "backsolve");
    double[] sum =
        new FloatBacksolveAdjoint(shared, shared, twin(data), ThetaGradient.SUM, ThetaNorm.SEMINORM)
            .gradient(starts, AdjointCase::loss)
            .gradTheta();
    double[] expectedSum =
        new BacksolveAdjoint(shared, shared, data.field(), ThetaGradient.SUM, ThetaNorm.SEMINORM)
            .gradient(starts, AdjointCase::loss)
            .gradTheta();
    assertThat(AdjointCase.distance(sum, expectedSum)).as("shared").isLessThan(ALLOWED_APART);
  }

  private static void assertClose(
      Gradients actual, Gradients expected, AdjointCase data, double allowed, String where) {
    for (int i = 0; i < data.count(); i++) {
      String what = "%s, trajectory %d".formatted(where, i);
      assertThat(AdjointCase.distance(actual.gradY0(i), expected.gradY0(i)))
          .as(what + ", y0")
          .isLessThan(allowed);
      assertThat(AdjointCase.distance(actual.gradT(i), expected.gradT(i)))
          .as(what + ", times")
          .isLessThan(allowed);
      assertThat(AdjointCase.distance(actual.gradTheta(i), expected.gradTheta(i)))
          .as(what + ", theta")
          .isLessThan(allowed);
    }
  }
}
