package io.gradlens.odeblock;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How an ODE block takes its steps from 0 to 1: an explicit Runge–Kutta method, with steps of one
 * size or adapted to the error of the whole batch.
 */
final class BlockMethod {
  private final ButcherTableau tableau;
  private final StepSizeController controller;
  private final int steps;
  private final double[][] rows;

  private BlockMethod(ButcherTableau tableau, StepSizeController controller, int steps) {
    this.tableau = tableau;
    this.controller = controller;
    this.steps = steps;
    rows = tableau.stageRows();
    if (tableau.gamma() != 0) {
      throw new IllegalArgumentException(
          "An ODE block takes explicit methods, not %s.".formatted(tableau));
    }
  }

  /**
   * @param steps of one size
   * @throws IllegalArgumentException if there is no such explicit method, or steps are below 1
   */
  static BlockMethod fixed(String solver, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("Expected at least one step, got " + steps + ".");
    }
    return new BlockMethod(Tableaus.named(solver), StepSizeController.fixed(1.0 / steps), steps);
  }

  /**
   * @throws IllegalArgumentException if there is no such explicit method, it has no error estimate,
   *     or a tolerance is not above 0
   */
  static BlockMethod adaptive(String solver, double rtol, double atol) {
    ButcherTableau tableau = Tableaus.named(solver);
    if (tableau.estimates() != 1) {
      throw new IllegalArgumentException(
          "Adaptive steps of an ODE block need a method with one error estimate, such as dopri5,"
              + " tsit5 or bosh3, not %s.".formatted(tableau));
    }
    return new BlockMethod(tableau, StepSizeController.adaptive(rtol, atol), 0);
  }

  ButcherTableau tableau() {
    return tableau;
  }

  StepSizeController controller() {
    return controller;
  }

  boolean isFixed() {
    return steps > 0;
  }

  /** How many steps of one size there are. */
  int steps() {
    return steps;
  }

  /** The last stage that the state at the end of a step is made of. */
  int lastStage() {
    int last = tableau.stages() - 1;
    while (tableau.b(last) == 0) {
      last--;
    }
    return last;
  }

  /** When a stage is, in a step from t to end. */
  double time(int stage, double t, double end) {
    return tableau.c(stage) == 1 ? end : t + tableau.c(stage) * (end - t);
  }

  /**
   * The state at a stage, or at the end of a step.
   *
   * @param h the step's size; negative to subtract
   * @param k the stages' slopes
   * @param state overwritten by y + h Σ a_ij k_j
   */
  void state(int stage, double h, INDArray y, INDArray[] k, INDArray state) {
    state.assign(y);
    for (int j = 0; j < stage; j++) {
      add(h * rows[stage][j], k[j], state);
    }
  }

  /**
   * @param error overwritten by h Σ e_i k_i
   */
  void error(double h, INDArray[] k, INDArray error) {
    error.assign(0);
    for (int i = 0; i <= tableau.end(); i++) {
      add(h * tableau.error(0, i), k[i], error);
    }
  }

  /** Adds a multiple of x to y. */
  static void add(double factor, INDArray x, INDArray y) {
    if (factor != 0) {
      Nd4j.getBlasWrapper().level1().axpy(x.length(), factor, x, y);
    }
  }
}
