package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.FD_RELATIVE_ERROR;
import static io.gradlens.trajectory.TrajectorySchemas.GRADIENTS;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_T;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA_NORM;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_Y0;
import static io.gradlens.trajectory.TrajectorySchemas.LOSS;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_BACKWARD;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_FORWARD;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_ACCEPTED;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_REJECTED;
import static io.gradlens.trajectory.TrajectorySchemas.Y_FINAL;

import io.gradlens.ode.Solution;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.udf.RunIdentity;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of {@code trajectory_gradients}. */
final class GradientRows implements Computation {

  /** With gradients of θ for each, as many numbers may be in memory, 32 MB. */
  private static final int THETA_NUMBERS = 1 << 22;

  private static final int AT_A_TIME = 1024;

  private static final int LOSS_AT = GRADIENTS.fieldIndex(LOSS);
  private static final int Y_FINAL_AT = GRADIENTS.fieldIndex(Y_FINAL);
  private static final int GRAD_Y0_AT = GRADIENTS.fieldIndex(GRAD_Y0);
  private static final int GRAD_THETA_AT = GRADIENTS.fieldIndex(GRAD_THETA);
  private static final int GRAD_THETA_NORM_AT = GRADIENTS.fieldIndex(GRAD_THETA_NORM);
  private static final int GRAD_T_AT = GRADIENTS.fieldIndex(GRAD_T);
  private static final int NFE_FORWARD_AT = GRADIENTS.fieldIndex(NFE_FORWARD);
  private static final int NFE_BACKWARD_AT = GRADIENTS.fieldIndex(NFE_BACKWARD);
  private static final int STEPS_ACCEPTED_AT = GRADIENTS.fieldIndex(STEPS_ACCEPTED);
  private static final int STEPS_REJECTED_AT = GRADIENTS.fieldIndex(STEPS_REJECTED);
  private static final int FD_RELATIVE_ERROR_AT = GRADIENTS.fieldIndex(FD_RELATIVE_ERROR);

  private final GradientPlan plan;
  private final Adjoint adjoint;
  private final TrajectoryRow rows;
  private final int dim;
  private final int observed;
  private final int atATime;

  GradientRows(GradientPlan plan, RunIdentity run) {
    this.plan = plan;
    adjoint = plan.adjoint();
    rows = new TrajectoryRow(run.runId(), GRADIENTS.size());
    dim = plan.file().field().dim();
    observed = plan.file().field().observed();
    int params = Math.max(1, plan.file().field().theta().length);
    Engine engine = plan.solver().engine();
    int least = engine == Engine.JAVA ? 64 : 8;
    int most =
        plan.theta() == GradientPlan.Theta.NOTHING
            ? AT_A_TIME
            : Math.max(least, Math.min(AT_A_TIME, THETA_NUMBERS / params));
    atATime = engine.atATime(plan.file(), most);
  }

  @Override
  public int atATime() {
    return atATime;
  }

  @Override
  public InternalRow flawed(Trajectory trajectory) {
    return rows.of(trajectory);
  }

  @Override
  public Computed[] rows(List<Trajectory> sound) {
    Computed[] computed = new Computed[sound.size()];
    for (int[] batch : Batches.of(sound, plan.solver().control() == StepControl.SHARED)) {
      List<Trajectory> members = Arrays.stream(batch).mapToObj(sound::get).toList();
      Gradients gradients = adjoint.gradient(Batches.trajectories(members, dim), loss(members));
      for (int i = 0; i < batch.length; i++) {
        computed[batch[i]] = row(members.get(i), gradients, i);
      }
    }
    return computed;
  }

  private Loss loss(List<Trajectory> members) {
    double[][] targets = new double[members.size()][];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = Batches.widened(members.get(i).ys(), observed, dim, Double.NaN);
    }
    Loss loss = plan.loss().loss(targets);
    return plan.file().events().isEmpty() ? loss : new LossUntilTheEnd(plan.loss(), targets);
  }

  private Computed row(Trajectory trajectory, Gradients gradients, int i) {
    Solution solution = gradients.solution();
    SolveStatus status = gradients.status(i);
    Object[] values = rows.values(trajectory, status);
    values[NFE_FORWARD_AT] = solution.nfe(i);
    values[STEPS_ACCEPTED_AT] = solution.stepsAccepted(i);
    values[STEPS_REJECTED_AT] = solution.stepsRejected(i);
    if (solution.status(i).isSuccess()) {
      values[LOSS_AT] = gradients.loss(i);
      values[Y_FINAL_AT] = Doubles.array(last(solution, i));
    }
    if (status.isSuccess()) {
      values[GRAD_Y0_AT] = Doubles.array(gradients.gradY0(i), observed);
      values[GRAD_T_AT] = Doubles.array(gradients.gradT(i));
      values[NFE_BACKWARD_AT] = gradients.nfeBackward(i);
      theta(values, gradients, i);
      if (plan.check().has(trajectory.id())) {
        values[FD_RELATIVE_ERROR_AT] = new DifferenceCheck(plan).relativeError(trajectory);
      }
    }
    return new Computed(TrajectoryRow.row(values), status.isSuccess());
  }

  private void theta(Object[] values, Gradients gradients, int i) {
    if (plan.theta() == GradientPlan.Theta.NOTHING) {
      return;
    }
    double[] theta = gradients.gradTheta(i);
    double squares = 0;
    for (double each : theta) {
      squares += each * each;
    }
    values[GRAD_THETA_NORM_AT] = Math.sqrt(squares);
    if (plan.theta() == GradientPlan.Theta.GRADIENT) {
      values[GRAD_THETA_AT] = Doubles.array(theta);
    }
  }

  /** The state at the last time, or at the event that ended the trajectory. */
  private double[] last(Solution solution, int i) {
    if (solution.status(i) == SolveStatus.TERMINATED) {
      var events = solution.events(i);
      return Arrays.copyOf(events.get(events.size() - 1).before(), observed);
    }
    double[] ys = solution.ys(i);
    return Arrays.copyOfRange(ys, ys.length - dim, ys.length - dim + observed);
  }
}
