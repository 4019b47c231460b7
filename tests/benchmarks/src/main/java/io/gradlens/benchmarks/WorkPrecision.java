package io.gradlens.benchmarks;

import io.gradlens.benchmarks.WorkCurve.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Error against time: every solver and both adjoints on the spiral, Lotka–Volterra and Kepler's
 * problem, for one trajectory.
 *
 * <p>Arguments: {@code FOLDER [SECONDS]}. Writes {@code work-precision.md} and {@code
 * work-precision.png} into the folder, and spends so many seconds on each point (0.3; some 500
 * points).
 *
 * <p>Errors are relative, in the Euclidean norm, of the end state and of the gradient [dL/dy₀,
 * dL/dθ]. They are against dop853 at rtol 1e-13 with the discrete adjoint, which the table compares
 * with another method (and gradients with the other adjoint); Kepler's end state is known. Adaptive
 * methods take rtol = 1e-4 … 1e-10, atol = rtol/100. Times are the thread's CPU time, medians.
 */
public final class WorkPrecision {
  private static final double SECONDS_A_POINT = 0.3;

  private WorkPrecision() {}

  /** Runs the comparison; see the class. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : SECONDS_A_POINT;
    WorkTable table = new WorkTable();
    WorkPicture picture = new WorkPicture();
    for (WorkProblem problem : WorkProblem.all()) {
      double[] end = problem.exactEndState();
      List<WorkCurve> adaptive = measure(WorkPlans.adaptive(problem), end, seconds);
      List<WorkCurve> fixed = measure(WorkPlans.fixed(problem), end, seconds);
      table.add(problem.name() + ": end state", adaptive);
      table.add(problem.name() + ": end state, steps of one size", fixed);
      table.addDoubt("tsit5", problem.doubtOfEndState());
      picture.addEndStates(problem.name(), adaptive, fixed);
      List<WorkCurve> gradients =
          measure(WorkPlans.gradients(problem), problem.exactGradient(), seconds);
      table.add(problem.name() + ": gradient", gradients);
      table.addDoubt("a backsolve by tsit5", problem.doubtOfGradient());
      picture.addGradients(problem.name(), gradients);
    }
    Files.writeString(folder.resolve("work-precision.md"), table.toString());
    picture.write(folder.resolve("work-precision.png"));
  }

  private static List<WorkCurve> measure(List<Plan> plans, double[] exact, double seconds) {
    List<WorkCurve> curves = new ArrayList<>();
    for (Plan plan : plans) {
      curves.add(plan.measure(exact, seconds));
      System.out.println(curves.get(curves.size() - 1));
    }
    return curves;
  }
}
