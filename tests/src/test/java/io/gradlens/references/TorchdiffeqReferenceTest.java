package io.gradlens.references;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.RealData;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.VectorField;
import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.Optimizer;
import io.gradlens.train.Optimizers;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions and gradients beside torchdiffeq 0.2.5 in double precision, shared step sizes. */
class TorchdiffeqReferenceTest {

  @ParameterizedTest
  @ValueSource(strings = {"spiral_init_20", "spiral_trained_20", "wide_T1", "wide_T10"})
  void solutionAndEvaluationsAgree(String name) throws Exception {
    TorchdiffeqCase given = new TorchdiffeqCase(RealData.path("ode/" + name + ".json"));

    Solution solution = solve(given).solve(given.field(), given.trajectories());

    assertThat(solution.isSuccess()).isTrue();
    assertThat(solution.nfe(0)).isEqualTo(given.json.at("/gradients/adjoint/nfe_forward").asInt());
    double[] last =
        IntStream.range(0, given.y0.length)
            .mapToDouble(i -> solution.y(i / given.dim, given.t.length - 1, i % given.dim))
            .toArray();
    assertThat(relativeError(last, TorchdiffeqCase.numbers(given.json.get("final_state"))))
        .isLessThan(1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spiral_init_20", "spiral_trained_20", "wide_T1", "wide_T10"})
  void backsolveAgreesInBothNorms(String name) throws Exception {
    TorchdiffeqCase given = new TorchdiffeqCase(RealData.path("ode/" + name + ".json"));
    for (ThetaNorm norm : ThetaNorm.values()) {
      JsonNode expected =
          given.json.get("gradients").get(norm == ThetaNorm.FULL ? "adjoint" : "adjoint_seminorm");

      Gradients gradients =
          new BacksolveAdjoint(solve(given), solve(given), given.field(), ThetaGradient.SUM, norm)
              .gradient(given.trajectories(), given.loss());

      int nfe = expected.get("nfe_backward").asInt();
      assertThat(gradients.nfeBackward(0)).isBetween(nfe - given.t.length + 1, nfe);
      assertThat(gradients.loss() / given.json.get("loss_value").asDouble() - 1)
          .isBetween(-1e-11, 1e-11);
      requireAgreement(given, gradients, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spiral_init_20", "spiral_trained_20", "wide_T1", "wide_T10"})
  void discreteAdjointAgreesWhereTheFirstStepIsPinned(String name) throws Exception {
    TorchdiffeqCase given = new TorchdiffeqCase(RealData.path("ode/" + name + ".json"));
    JsonNode expected = given.json.at("/gradients/direct_first_step_pinned");
    OdeSolve pinned =
        solve(given)
            .controller(
                StepSizeController.adaptive(given.rtol, given.atol)
                    .withFirstStep(expected.get("first_step").asDouble()));
    for (StepMemory memory :
        new StepMemory[] {
          StepMemory.store(), StepMemory.recompute(), StepMemory.checkpoints(20_000)
        }) {
      Gradients gradients =
          new DiscreteAdjoint(pinned, given.field(), ThetaGradient.SUM, memory)
              .gradient(given.trajectories(), given.loss());

      assertThat(gradients.solution().nfe(0)).isEqualTo(expected.get("nfe_forward").asInt());
      assertThat(gradients.loss() / expected.get("loss_value").asDouble() - 1)
          .isBetween(-1e-11, 1e-11);
      requireAgreement(given, gradients, expected);
    }
  }

  @Test
  void aHundredIterationsOfTheSpiralDemoAreFollowed() throws Exception {
    JsonNode trace = new ObjectMapper().readTree(RealData.path("ode/spiral_trace.json").toFile());
    double[][] truth = spiral(trace);
    Mlp field =
        new Mlp(
            MlpShape.of(2, Activation.TANH, trace.get("b1").size()).withPower(3),
            TorchdiffeqCase.theta(trace));
    double[] theta = field.theta();
    Optimizer rmsProp = Optimizers.RMSPROP.with(theta.length, 0, 0);
    JsonNode solver = trace.get("solver");
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(
            solve(solver.get("rtol").asDouble(), solver.get("atol").asDouble()),
            field,
            ThetaGradient.SUM,
            StepMemory.recompute());
    int points = trace.get("batch_points").asInt();

    for (int iteration = 1; iteration <= 100; iteration++) {
      int[] starts = ints(trace.get("starts").get(iteration - 1));
      double[] t = Arrays.copyOf(truth[0], points);
      double[] y0 = new double[2 * starts.length];
      for (int b = 0; b < starts.length; b++) {
        System.arraycopy(truth[1], 2 * starts[b], y0, 2 * b, 2);
      }
      Loss loss = meanAbsoluteError(truth[1], starts, points);
      Gradients gradients = adjoint.gradient(Trajectories.of(2, y0, t), loss);

      double expected = trace.get("loss_values").get(iteration - 1).asDouble();
      assertThat(gradients.loss() / expected - 1)
          .as("iteration " + iteration)
          .isBetween(-1e-6, 1e-6);
      rmsProp.step(theta, (at, gradient) -> copy(gradients, gradient), 1e-3);
      field.setTheta(theta);
      if (iteration == 1 || iteration == 10) {
        double[] reached = TorchdiffeqCase.theta(trace.get("theta").get("" + iteration));
        for (int p = 0; p < theta.length; p++) {
          assertThat(theta[p]).isBetween(reached[p] - 1e-8, reached[p] + 1e-8);
        }
      }
    }
  }

  private static OdeSolve solve(TorchdiffeqCase given) {
    return solve(given.rtol, given.atol);
  }

  private static OdeSolve solve(double rtol, double atol) {
    return OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(rtol, atol))
        .stepControl(StepControl.SHARED);
  }

  private static void requireAgreement(
      TorchdiffeqCase given, Gradients gradients, JsonNode expected) {
    int batch = given.y0.length / given.dim;
    double[] gradY0 =
        IntStream.range(0, given.y0.length)
            .mapToDouble(i -> gradients.gradY0(i / given.dim)[i % given.dim])
            .toArray();
    double[] gradT = new double[given.t.length];
    for (int i = 0; i < batch; i++) {
      for (int j = 0; j < gradT.length; j++) {
        gradT[j] += gradients.gradT(i)[j];
      }
    }
    assertThat(relativeError(gradY0, TorchdiffeqCase.numbers(expected.get("y0"))))
        .isLessThan(1e-11);
    assertThat(relativeError(gradT, TorchdiffeqCase.numbers(expected.get("t")))).isLessThan(1e-11);
    assertThat(relativeError(gradients.gradTheta(), TorchdiffeqCase.theta(expected)))
        .isLessThan(1e-11);
  }

  /** The largest difference, relative to the largest number. */
  private static double relativeError(double[] got, double[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(got[i] - expected[i]));
      size = Math.max(size, Math.abs(expected[i]));
    }
    return difference / size;
  }

  private static int[] ints(JsonNode node) {
    return IntStream.range(0, node.size()).map(i -> node.get(i).asInt()).toArray();
  }

  /** Times and states of the demo's true spiral, dy/dt = (y³)A. */
  private static double[][] spiral(JsonNode trace) {
    JsonNode truth = trace.get("truth");
    double[] a = TorchdiffeqCase.numbers(truth.get("A"));
    VectorField field =
        new VectorField() {
          @Override
          public int dim() {
            return 2;
          }

          @Override
          public void apply(double[] t, double[] y, double[] dydt) {
            int n = t.length;
            for (int l = 0; l < n; l++) {
              double u = y[l] * y[l] * y[l];
              double v = y[n + l] * y[n + l] * y[n + l];
              dydt[l] = u * a[0] + v * a[2];
              dydt[n + l] = u * a[1] + v * a[3];
            }
          }
        };
    int points = truth.get("points").asInt();
    double t1 = truth.get("t1").asDouble();
    double[] ts = IntStream.range(0, points).mapToDouble(i -> t1 * i / (points - 1)).toArray();
    OdeSolve solve = solve(truth.get("rtol").asDouble(), truth.get("atol").asDouble());
    Solution solution =
        solve.solve(field, Trajectories.of(2, TorchdiffeqCase.numbers(truth.get("y0")), ts));
    return new double[][] {ts, solution.ys(0)};
  }

  private static Loss meanAbsoluteError(double[] truth, int[] starts, int points) {
    double size = 2.0 * starts.length * points;
    return (trajectory, ts, ys, gradYs) -> {
      double sum = 0;
      for (int i = 0; i < ys.length; i++) {
        double error = ys[i] - truth[2 * starts[trajectory] + i];
        sum += Math.abs(error);
        gradYs[i] = Math.signum(error) / size;
      }
      return sum / size;
    };
  }

  private static double copy(Gradients gradients, double[] gradient) {
    System.arraycopy(gradients.gradTheta(), 0, gradient, 0, gradient.length);
    return gradients.loss();
  }
}
