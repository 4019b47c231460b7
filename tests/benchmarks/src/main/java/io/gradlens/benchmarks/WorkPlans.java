package io.gradlens.benchmarks;

import io.gradlens.benchmarks.WorkCurve.Plan;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Which methods {@link WorkPrecision} compares, with which settings. */
final class WorkPlans {
  private static final int LOOSEST = 4;
  private static final int STRICTEST = 10;
  private static final int[] STEPS = {100, 400, 1600, 6400, 25_600, 99_000};

  /** A backsolve's augmented field has no Jacobian, which implicit methods need. */
  private static final Predicate<ButcherTableau> IS_EXPLICIT = method -> method.gamma() == 0;

  private WorkPlans() {}

  /** End states: all methods with an error estimate. */
  static List<Plan> adaptive(WorkProblem problem) {
    return adaptive("", any -> true, problem::endState);
  }

  /** Gradients: the same methods by the discrete adjoint, the explicit ones by a backsolve too. */
  static List<Plan> gradients(WorkProblem problem) {
    List<Plan> plans =
        new ArrayList<>(adaptive("discrete", any -> true, problem::discreteGradient));
    plans.addAll(adaptive("backsolve", IS_EXPLICIT, problem::backsolveGradient));
    return plans;
  }

  private static List<Plan> adaptive(
      String variant,
      Predicate<ButcherTableau> choice,
      Function<OdeSolve, Supplier<double[]>> computation) {
    List<Plan> plans = new ArrayList<>();
    for (Tableaus method : Tableaus.values()) {
      if (method.tableau().estimates() > 0 && choice.test(method.tableau())) {
        Plan plan = new Plan(method.tableau().name(), variant);
        for (int digits = LOOSEST; digits <= STRICTEST; digits++) {
          double rtol = Double.parseDouble("1e-" + digits);
          OdeSolve solve =
              OdeSolve.with(method.tableau(), StepSizeController.adaptive(rtol, rtol / 100));
          plan.computations().put("rtol 1e-" + digits, computation.apply(solve));
        }
        plans.add(plan);
      }
    }
    return plans;
  }

  /** End states: methods with steps of one size. */
  static List<Plan> fixed(WorkProblem problem) {
    List<Plan> plans = new ArrayList<>();
    for (Tableaus method : Tableaus.values()) {
      if (method.tableau().estimates() == 0) {
        plans.add(
            fixed(problem, method.tableau().name(), step -> OdeSolve.with(method.tableau(), step)));
      }
    }
    plans.add(fixed(problem, "adams-moulton", OdeSolve::adamsMoulton));
    return plans;
  }

  private static Plan fixed(
      WorkProblem problem, String name, Function<StepSizeController, OdeSolve> method) {
    Plan plan = new Plan(name, "");
    for (int steps : STEPS) {
      OdeSolve solve = method.apply(StepSizeController.fixed(problem.t1() / steps));
      plan.computations()
          .put(String.format(Locale.ROOT, "%,d steps", steps), problem.endState(solve));
    }
    return plan;
  }
}
