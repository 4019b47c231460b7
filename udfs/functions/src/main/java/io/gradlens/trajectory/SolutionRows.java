package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.EVENTS;
import static io.gradlens.trajectory.TrajectorySchemas.NFE;
import static io.gradlens.trajectory.TrajectorySchemas.SOLUTIONS;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_ACCEPTED;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_REJECTED;
import static io.gradlens.trajectory.TrajectorySchemas.T;
import static io.gradlens.trajectory.TrajectorySchemas.T_REACHED;
import static io.gradlens.trajectory.TrajectorySchemas.Y;

import io.gradlens.ode.EventHit;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.udf.RunIdentity;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/** Rows of {@code solutions}. */
final class SolutionRows implements Computation {

  private static final int NUMBERS = 1 << 20;
  private static final int AT_A_TIME = 1024;

  private static final int T_AT = SOLUTIONS.fieldIndex(T);
  private static final int Y_AT = SOLUTIONS.fieldIndex(Y);
  private static final int T_REACHED_AT = SOLUTIONS.fieldIndex(T_REACHED);
  private static final int EVENTS_AT = SOLUTIONS.fieldIndex(EVENTS);
  private static final int NFE_AT = SOLUTIONS.fieldIndex(NFE);
  private static final int STEPS_ACCEPTED_AT = SOLUTIONS.fieldIndex(STEPS_ACCEPTED);
  private static final int STEPS_REJECTED_AT = SOLUTIONS.fieldIndex(STEPS_REJECTED);

  private final Function<Trajectories, Solution> solve;
  private final TrajectoryRow rows;
  private final int dim;
  private final int observed;
  private final int atATime;
  private final ArrayData ts;

  SolutionRows(SolvePlan plan, RunIdentity run) {
    solve = plan.newSolver();
    rows = new TrajectoryRow(run.runId(), SOLUTIONS.size());
    dim = plan.file().field().dim();
    observed = plan.file().field().observed();
    int most = Math.max(1, Math.min(AT_A_TIME, NUMBERS / (dim * plan.ts().length)));
    atATime = plan.solver().engine().atATime(plan.file(), most);
    ts = Doubles.array(plan.ts());
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
    Solution solution = solve.apply(Batches.trajectories(sound, dim));
    Computed[] computed = new Computed[sound.size()];
    for (int i = 0; i < computed.length; i++) {
      computed[i] = row(sound.get(i), solution, i);
    }
    return computed;
  }

  private Computed row(Trajectory trajectory, Solution solution, int i) {
    Object[] values = rows.values(trajectory, solution.status(i));
    values[T_AT] = ts;
    values[Y_AT] = Doubles.states(solution.ys(i), dim, observed);
    values[T_REACHED_AT] = solution.reached(i);
    values[EVENTS_AT] = events(solution.events(i));
    values[NFE_AT] = solution.nfe(i);
    values[STEPS_ACCEPTED_AT] = solution.stepsAccepted(i);
    values[STEPS_REJECTED_AT] = solution.stepsRejected(i);
    return new Computed(TrajectoryRow.row(values), solution.status(i).isSuccess());
  }

  private ArrayData events(List<EventHit> hits) {
    Object[] events = new Object[hits.size()];
    for (int e = 0; e < events.length; e++) {
      EventHit hit = hits.get(e);
      events[e] =
          TrajectoryRow.row(
              new Object[] {
                hit.event(),
                hit.t(),
                Doubles.array(hit.before(), observed),
                Doubles.array(hit.after(), observed)
              });
    }
    return new GenericArrayData(events);
  }
}
