package io.gradlens.device;

import io.gradlens.ode.FirstStep;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepSizes;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Solves trajectories side by side, one a lane, states on the device. Times and step sizes are the
 * host's: it gets one number a lane and step, the error ratio, and goes by {@link StepSizes}. A
 * lane whose trajectory has ended stands still until all have.
 */
final class DeviceLoop {
  private final OdeSolve how;
  private final int dim;
  private final int count;
  private final DeviceStep step;
  private final DeviceNorm norm;
  private final DeviceStates states;
  private final double[][] errorRows;
  private final INDArray error;
  private final INDArray first;
  private final INDArray other;
  private final INDArray mask;
  private Trajectories data;
  private Solution solution;
  private LaneTimes lanes;
  private StepSizes sizes;
  private int[] tries;
  private double[] r;
  private int live;

  DeviceLoop(OdeSolve how, DeviceMlp net, int count) {
    this.how = how;
    this.count = count;
    dim = net.shape.dim();
    step = DeviceStep.forward(how.tableau(), net, count);
    norm = new DeviceNorm(net.type, dim, count);
    states = new DeviceStates(step, net.type, dim, count);
    errorRows = how.tableau().errorRows();
    error = LaneArray.of(net.type, dim, count);
    first = LaneArray.of(net.type, dim, count);
    other = LaneArray.of(net.type, dim, count);
    mask = LaneArray.of(net.type, 1, count);
  }

  int count() {
    return count;
  }

  /**
   * Solves.
   *
   * @param trajectories at most as many as lanes
   * @param log gets the steps; null for nobody
   */
  Solution run(Trajectories trajectories, DeviceLog log) {
    data = trajectories;
    solution = new Solution(dim, data.count(), SaveAt.TS);
    lanes = new LaneTimes(count);
    tries = new int[count];
    r = new double[count];
    int[] special = new int[count];
    states.begin(data, solution, lanes, log);
    sizes = new StepSizes(how, data, lanes, states.nextTimes());
    start();
    if (log != null) {
      log.begin(data, lanes, step.y);
    }
    while (live > 0) {
      choose();
      if (live > 0) {
        step();
        if (lanes.moving() > 0) {
          step.finish();
          states.keep();
          if (log != null) {
            log.accepted(lanes, step.y, step.k[0]);
          }
          advance();
        }
        adapt(special);
      }
    }
    return solution;
  }

  private void start() {
    double[] y0 = new double[dim * count];
    double[] direction = new double[count];
    double[] rtol = new double[count];
    double[] atol = new double[count];
    Arrays.fill(atol, 1);
    boolean[] isFinite = new boolean[count];
    for (int l = 0; l < data.count(); l++) {
      double[] ts = data.times(l);
      lanes.t()[l] = ts[0];
      direction[l] = Math.signum(ts[ts.length - 1] - ts[0]);
      rtol[l] = data.rtol(l, how.controller());
      if (!how.controller().isFixed()) {
        atol[l] = data.atol(l, how.controller());
      }
      isFinite[l] = true;
      for (int d = 0; d < dim; d++) {
        isFinite[l] &= Double.isFinite(data.y0(l, d));
      }
      for (int d = 0; d < dim && isFinite[l]; d++) {
        y0[d * count + l] = data.y0(l, d);
      }
    }
    LaneArray.upload(y0, step.y);
    norm.tolerances(rtol, atol);
    step.times(lanes.t(), lanes.t(), lanes.h());
    step.first();
    double[] sizesOfFirst = firstSteps(direction);
    for (int l = 0; l < count; l++) {
      if (l < data.count()) {
        start(l, isFinite[l], sizesOfFirst[l] * direction[l]);
      } else {
        sizes.rest(l);
      }
    }
  }

  private void start(int l, boolean isFinite, double firstStep) {
    double[] ts = data.times(l);
    solution.evaluated(l, how.controller().firstStep() > 0 ? 1 : 2);
    boolean isStuck = !Double.isFinite(firstStep) && !StepSizes.isUnbounded(how.controller());
    if (!isFinite) {
      solution.end(l, SolveStatus.BAD_INITIAL, ts[0]);
    } else if (ts.length == 1) {
      solution.end(l, SolveStatus.SUCCESS, ts[0]);
    } else if (isStuck) {
      solution.end(l, SolveStatus.NON_FINITE, ts[0]);
    } else {
      live++;
      lanes.trajectory()[l] = l;
      sizes.start(l, firstStep);
      return;
    }
    sizes.rest(l);
  }

  /** {@link FirstStep}s of all lanes. */
  private double[] firstSteps(double[] direction) {
    double[] firstSteps = new double[count];
    if (how.controller().firstStep() > 0) {
      Arrays.fill(firstSteps, how.controller().firstStep());
      return firstSteps;
    }
    norm.scale(step.y, step.y);
    double[] d0 = norm.squares(step.y);
    double[] d1 = norm.squares(step.k[0]);
    double[] probe = new double[count];
    double[] end = new double[count];
    for (int l = 0; l < count; l++) {
      firstSteps[l] = FirstStep.probe(Math.sqrt(d0[l]), Math.sqrt(d1[l]));
      probe[l] = direction[l] * firstSteps[l];
      end[l] = lanes.t()[l] + probe[l];
    }
    double[] d2 = norm.squares(step.probe(lanes.t(), end, probe));
    int k = how.tableau().embeddedOrder() + 1;
    for (int l = 0; l < count; l++) {
      firstSteps[l] = FirstStep.size(firstSteps[l], Math.sqrt(d1[l]), Math.sqrt(d2[l]), k);
    }
    return firstSteps;
  }

  private void choose() {
    sizes.choose();
    for (int l = 0; l < count; l++) {
      boolean isOut = tries[l] >= how.maxSteps();
      if (lanes.trajectory()[l] >= 0 && (isOut || lanes.tNext()[l] == lanes.t()[l])) {
        end(l, isOut ? SolveStatus.MAX_STEPS : stuck(l));
      }
      tries[l]++;
    }
  }

  private SolveStatus stuck(int l) {
    return r[l] < Double.POSITIVE_INFINITY ? SolveStatus.STEP_TOO_SMALL : SolveStatus.NON_FINITE;
  }

  private void step() {
    step.times(lanes.t(), lanes.tNext(), lanes.h());
    step.attempt();
    r = ratios();
    for (int l = 0; l < count; l++) {
      lanes.accepted()[l] = lanes.trajectory()[l] >= 0 & r[l] <= 1;
      if (lanes.trajectory()[l] >= 0 && !(r[l] < Double.POSITIVE_INFINITY)) {
        // Nothing of it may be multiplied by 0 below.
        LaneArray.copyLane(step.y, step.y1, l);
        LaneArray.copyLane(step.k[0], step.k[step.tableau.end()], l);
      }
    }
    sizes.judge(r);
  }

  /** The squares of the error ratios; of steps of one size, 0 or NaN. */
  private double[] ratios() {
    if (how.controller().isFixed()) {
      norm.scale(step.y, step.y);
      return norm.squares(step.y1.muli(0, error));
    }
    norm.scale(step.y, step.y1);
    double[] squares = norm.squares(step.error(errorRows[0], error));
    if (errorRows.length > 1) {
      double[] second = norm.squares(step.error(errorRows[1], error));
      for (int l = 0; l < count; l++) {
        double s = squares[l];
        squares[l] = s == 0 ? 0 : s / (s + 0.01 * second[l]) * s;
      }
    }
    return squares;
  }

  /** Lanes whose step was refused keep what they had. */
  private void advance() {
    double[] moved = new double[count];
    double[] stays = new double[count];
    boolean isAll = true;
    for (int l = 0; l < count; l++) {
      boolean isRefused = lanes.trajectory()[l] >= 0 && !lanes.accepted()[l];
      moved[l] = isRefused ? 0 : 1;
      stays[l] = isRefused ? 1 : 0;
      isAll &= !isRefused;
    }
    if (!isAll) {
      first.assign(step.y);
      other.assign(step.k[0]);
    }
    step.advance();
    if (!isAll) {
      LaneArray.upload(moved, mask);
      step.y.muliRowVector(mask);
      step.k[0].muliRowVector(mask);
      LaneArray.upload(stays, mask);
      step.y.addi(first.muliRowVector(mask));
      step.k[0].addi(other.muliRowVector(mask));
    }
  }

  private void adapt(int[] special) {
    int specials = sizes.move(r, special);
    for (int i = 0; i < specials; i++) {
      int l = special[i];
      if (lanes.accepted()[l]) {
        if (Double.isNaN(states.nextTimes()[l])) {
          end(l, SolveStatus.SUCCESS);
        } else if (sizes.isAtStop(l)) {
          sizes.leaveStop(l);
        }
        sizes.leave(l);
      } else if (lanes.trajectory()[l] >= 0 && !sizes.reject(l, r[l])) {
        end(l, how.controller().isFixed() ? SolveStatus.NON_FINITE : stuck(l));
      }
    }
  }

  private void end(int l, SolveStatus status) {
    double[] ts = data.times(l);
    int accepted = sizes.steps(l);
    int evaluations = tries[l] * (step.tableau.stages() - 1) + accepted * step.endEvaluations();
    solution.stepped(l, accepted, tries[l] - accepted, evaluations);
    solution.end(l, status, status == SolveStatus.SUCCESS ? ts[ts.length - 1] : lanes.t()[l]);
    lanes.trajectory()[l] = -1;
    sizes.rest(l);
    live--;
  }
}
