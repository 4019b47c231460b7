package io.gradlens.ode.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.adjoint.StepMemory;
import org.junit.jupiter.api.Test;

/** An Euler step of size 1 is a residual block; smaller steps converge to the ODE block. */
class ResidualNetworkTest {
  private static final int D = 3;
  private static final int HIDDEN = 8;
  private static final int BLOCKS = 4;
  private static final MlpShape SHAPE = MlpShape.of(D, Activation.TANH, HIDDEN);
  private static final double[] X = {0.7, -0.4, 0.2};
  private static final double[] TARGET = {0.1, 0.5, -0.3};

  /** A residual network of blocks x + W₂ tanh(W₁x + b₁) + b₂ that share weights, by plain loops. */
  private static final class ResidualNetwork {
    private final double[] theta;
    private final double[][] inputs = new double[BLOCKS + 1][];
    private final double[][] hidden = new double[BLOCKS][HIDDEN];
    final double[] gradTheta;

    ResidualNetwork(double[] theta) {
      this.theta = theta;
      gradTheta = new double[theta.length];
    }

    double[] forward(double[] x) {
      inputs[0] = x;
      for (int block = 0; block < BLOCKS; block++) {
        inputs[block + 1] = inputs[block].clone();
        for (int h = 0; h < HIDDEN; h++) {
          double sum = theta[HIDDEN * D + h];
          for (int j = 0; j < D; j++) {
            sum += theta[h * D + j] * inputs[block][j];
          }
          hidden[block][h] = Math.tanh(sum);
        }
        for (int i = 0; i < D; i++) {
          inputs[block + 1][i] += theta[outputBias(i)];
          for (int h = 0; h < HIDDEN; h++) {
            inputs[block + 1][i] += theta[outputWeight(i, h)] * hidden[block][h];
          }
        }
      }
      return inputs[BLOCKS];
    }

    /** Back-propagation: the gradient with respect to x; that of θ is added up. */
    double[] backward(double[] cotangent) {
      double[] a = cotangent.clone();
      for (int block = BLOCKS - 1; block >= 0; block--) {
        double[] before = a.clone();
        for (int h = 0; h < HIDDEN; h++) {
          double u = 0;
          for (int i = 0; i < D; i++) {
            u += theta[outputWeight(i, h)] * a[i];
            gradTheta[outputWeight(i, h)] += a[i] * hidden[block][h];
          }
          u *= 1 - hidden[block][h] * hidden[block][h];
          gradTheta[HIDDEN * D + h] += u;
          for (int j = 0; j < D; j++) {
            gradTheta[h * D + j] += u * inputs[block][j];
            before[j] += theta[h * D + j] * u;
          }
        }
        for (int i = 0; i < D; i++) {
          gradTheta[outputBias(i)] += a[i];
        }
        a = before;
      }
      return a;
    }

    private static int outputWeight(int i, int h) {
      return HIDDEN * (D + 1) + i * HIDDEN + h;
    }

    private static int outputBias(int i) {
      return HIDDEN * (D + 1) + D * HIDDEN + i;
    }
  }

  private static OdeSolve euler(double step) {
    return OdeSolve.with(Tableaus.EULER.tableau(), StepSizeController.fixed(step));
  }

  private static Trajectories problem() {
    return Trajectories.of(D, X.clone(), 0, BLOCKS);
  }

  @Test
  void eulerStepsOfSizeOneAreResidualBlocks() {
    double[] theta = SHAPE.normal(0.5, 1);
    double[] expected = new ResidualNetwork(theta).forward(X);

    Solution solution = euler(1).solve(new Mlp(SHAPE, theta), problem());

    assertThat(solution.stepsAccepted(0)).isEqualTo(BLOCKS);
    for (int i = 0; i < D; i++) {
      assertThat(solution.y(0, 1, i)).isCloseTo(expected[i], within(1e-14));
    }
  }

  @Test
  void theirAdjointIsBackPropagation() {
    double[] theta = SHAPE.normal(0.5, 1);
    ResidualNetwork network = new ResidualNetwork(theta);
    double[] output = network.forward(X);
    double[] cotangent = new double[D];
    for (int i = 0; i < D; i++) {
      cotangent[i] = 2 * (output[i] - TARGET[i]) / D;
    }
    double[] expected = network.backward(cotangent);

    double nan = Double.NaN;
    double[] targets = {nan, nan, nan, TARGET[0], TARGET[1], TARGET[2]};
    Gradients gradients =
        new DiscreteAdjoint(
                euler(1), new Mlp(SHAPE, theta), ThetaGradient.SUM, StepMemory.recompute())
            .gradient(problem(), Losses.meanSquared(targets));

    assertThat(gradients.gradY0(0)).containsExactly(expected, within(1e-14));
    assertThat(gradients.gradTheta()).containsExactly(network.gradTheta, within(1e-14));
  }

  @Test
  void smallerStepsConvergeToTheOdeBlockWithOrderOne() {
    Mlp field = new Mlp(SHAPE, SHAPE.normal(0.5, 1));
    Solution block =
        OdeSolve.with(Tableaus.named("dop853"), StepSizeController.adaptive(1e-13, 1e-13))
            .solve(field, problem());
    double[] errors = new double[10];
    for (int k = 0; k < errors.length; k++) {
      Solution solution = euler(Math.pow(2, -k)).solve(field, problem());
      for (int i = 0; i < D; i++) {
        errors[k] = Math.max(errors[k], Math.abs(solution.y(0, 1, i) - block.y(0, 1, i)));
      }
    }
    for (int k = 5; k < errors.length; k++) {
      double order = Math.log(errors[k - 1] / errors[k]) / Math.log(2);
      assertThat(order).as("between steps 2^-%d and 2^-%d", k - 1, k).isBetween(0.9, 1.1);
    }
    assertThat(errors[errors.length - 1]).isLessThan(errors[0] / 100);
  }
}
