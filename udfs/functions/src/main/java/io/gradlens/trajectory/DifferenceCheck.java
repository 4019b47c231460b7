package io.gradlens.trajectory;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.GradientCheck;
import io.gradlens.ode.adjoint.Loss;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A trajectory's gradients against central differences, in double precision. A backsolve's
 * gradients are those of the continuous problem, so they are held against differences of a solve
 * with tolerances of 1e-12.
 */
record DifferenceCheck(GradientPlan plan) {

  /** ‖a − b‖ / max(‖a‖, ‖b‖) over initial state, times and, where a row has it, θ. */
  double relativeError(Trajectory trajectory) {
    var field = plan.file().field();
    OdeSolve solve =
        plan.method() == GradientPlan.Method.BACKSOLVE
            ? plan.solver().tight()
            : plan.solver().solve();
    int[] augmented = IntStream.range(field.observed(), field.dim()).toArray();
    Trajectories alone = Batches.trajectories(List.of(trajectory), field.dim());
    Loss loss =
        plan.loss()
            .loss(
                new double[][] {
                  Batches.widened(trajectory.ys(), field.observed(), field.dim(), Double.NaN)
                });
    return new GradientCheck(solve, field.build())
        .fixing(augmented)
        .check(plan.adjoint(), alone, 0, loss)
        .relativeError();
  }
}
