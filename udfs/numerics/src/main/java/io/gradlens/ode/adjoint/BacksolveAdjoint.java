package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.ErrorGroup;
import io.gradlens.ode.Event;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradients by the continuous adjoint: the augmented system [z, a_z, a_t, a_θ] solved backwards in
 * time, from each observation to the one before.
 *
 * <p>With g_i = ∂loss/∂z(t_i): a_z starts at g_N, and g_i is added at every earlier observation,
 * where z is set to the state of the forward solve; a_t starts at −g_N·f_N, and g_i·f_i is taken
 * from it. Then dL/dz₀ = a_z(t₀), dL/dθ = a_θ(t₀), dL/dt_i = g_i·f(t_i, z_i) and dL/dt₀ = a_t(t₀),
 * taken before g₀ is added.
 *
 * <p>Memory does not grow with the number of steps. Gradients are those of the continuous problem,
 * as exact as both solves' tolerances: a {@link DiscreteAdjoint} is exact for the discrete solution
 * and usually faster. Where z runs away backwards in time (stiff or strongly contracting fields),
 * it is wrong.
 *
 * <p>At an event of the forward solve the backward one is set to the state before it, and its
 * cotangents as in {@link DiscreteAdjoint}. Where f jumps, both solves need the time in {@link
 * OdeSolve#jumpAt}. a_t does not see the jump: then dL/dt₀ = −a_z(t₀)·f(t₀, z₀), which is the same
 * thing.
 *
 * <p>Any method may solve forwards. Backwards the implicit ones may not: the Jacobian of the
 * augmented system takes second derivatives of f. With {@link StepControl#SHARED} it is
 * torchdiffeq's odeint_adjoint: the same steps, evaluations and, to rounding, gradients.
 *
 * <p>Source: Chen et al., Neural Ordinary Differential Equations, 2018, algorithms 1 and 2.
 */
@Real
public final class BacksolveAdjoint implements Adjoint {
  private final OdeSolve forward;
  private final OdeSolve backward;
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;
  private final ThetaNorm thetaNorm;
  private final int dim;

  /**
   * @param forward how trajectories are solved
   * @param backward how the augmented system is: its method, tolerances and step control; events do
   *     not count
   * @throws IllegalArgumentException if one shares steps and the other does not, gradients of θ are
   *     wanted one a trajectory where steps are shared, or the backward method is implicit
   */
  public BacksolveAdjoint(
      OdeSolve forward,
      OdeSolve backward,
      DifferentiableField field,
      ThetaGradient thetaGradient,
      ThetaNorm thetaNorm) {
    if (forward.stepControl() != backward.stepControl()) {
      throw new IllegalArgumentException(
          "The forward solve has step control %s, the backward one %s: they must agree."
              .formatted(forward.stepControl(), backward.stepControl()));
    }
    if (forward.stepControl() == StepControl.SHARED
        && thetaGradient == ThetaGradient.PER_TRAJECTORY) {
      throw new IllegalArgumentException(
          "Shared steps integrate one gradient of θ for the batch: ask for ThetaGradient.SUM, or"
              + " take StepControl.PER_TRAJECTORY.");
    }
    if (backward.tableau().gamma() != 0) {
      throw new IllegalArgumentException(
          "Backwards, %s would need second derivatives of the field: give an explicit method for"
                  .formatted(backward.tableau())
              + " the way back, or take a DiscreteAdjoint.");
    }
    this.forward = forward.saveAt(SaveAt.TS);
    this.backward = backward.saveAt(SaveAt.T1).events(new Event[0]);
    this.field = field;
    this.thetaGradient = thetaGradient;
    this.thetaNorm = thetaNorm;
    dim = field.dim();
  }

  /**
   * Solves, evaluates the loss, and solves the augmented system backwards.
   *
   * @throws IllegalArgumentException if dimensions do not fit
   * @throws UnsupportedOperationException if an event that the gradients depend on has no
   *     derivatives
   */
  @Override
  public Gradients gradient(Trajectories trajectories, Loss loss) {
    Solution solution = forward.solve(field, trajectories);
    Gradients gradients = new Gradients(solution, thetaGradient, field.params(), loss);
    Stations stations = new Stations(solution);
    int[] solved = solved(solution);
    boolean isShared = forward.stepControl() == StepControl.SHARED;
    AugmentedField augmented =
        new AugmentedField(field, thetaGradient, isShared ? solved.length : 0);
    double[][] states = new double[solved.length][augmented.dim()];
    OdeSolve back = backward.errorGroups(groups(isShared ? solved.length : 0));
    for (int pass = 0; solved.length > 0; pass++) {
      int[] going = going(stations, solved, pass);
      if (going.length == 0) {
        break;
      }
      observe(gradients, stations, solved, going, pass, states, isShared);
      solve(back, augmented, gradients, stations, solved, going, pass, states);
    }
    if (backward.hasJumps()) {
      moveStarts(gradients, solved, states, isShared);
    }
    for (int s = 0; s < solved.length; s++) {
      if (gradients.status(solved[s]).isSuccess()) {
        collect(gradients, solved[s], states[s], isShared);
      }
    }
    if (isShared && solved.length > 0) {
      unpack(gradients, solved, states);
    }
    return gradients;
  }

  private static int[] solved(Solution solution) {
    int[] solved = new int[solution.count()];
    int size = 0;
    for (int i = 0; i < solution.count(); i++) {
      if (solution.status(i).isSuccess()) {
        solved[size++] = i;
      }
    }
    return Arrays.copyOf(solved, size);
  }

  /** Places, in {@code solved}, of trajectories that have an interval left. */
  private static int[] going(Stations stations, int[] solved, int pass) {
    int[] going = new int[solved.length];
    int size = 0;
    for (int s = 0; s < solved.length; s++) {
      if (stations.count(solved[s]) - 1 - pass > 0) {
        going[size++] = s;
      }
    }
    return Arrays.copyOf(going, size);
  }

  private List<ErrorGroup> groups(int packed) {
    List<ErrorGroup> groups = new ArrayList<>();
    groups.add(ErrorGroup.components(0, dim));
    groups.add(ErrorGroup.components(dim, 2 * dim));
    int at = packed == 0 ? 2 * dim : 2 * dim * packed;
    groups.add(new ErrorGroup(at, ++at, packed > 0));
    if (thetaNorm == ThetaNorm.FULL && thetaGradient != ThetaGradient.NONE) {
      for (int size : field.tensors()) {
        if (size > 0) {
          groups.add(new ErrorGroup(at, at + size, packed > 0));
        }
        at += size;
      }
    }
    return groups;
  }

  /**
   * At an observation: z as the forward solve has it, and what the loss adds to a_z and a_t. At an
   * event: z and what the event makes of a_z and a_t.
   */
  private void observe(
      Gradients gradients,
      Stations stations,
      int[] solved,
      int[] going,
      int pass,
      double[][] states,
      boolean isShared) {
    int n = Lanes.padded(going.length);
    double[] t = new double[n];
    @Real double[] y = new @Real double[dim * n];
    @Real double[] slopes = new @Real double[dim * n];
    for (int l = 0; l < n; l++) {
      int i = solved[going[Math.min(l, going.length - 1)]];
      int station = stations.count(i) - 1 - pass;
      t[l] = stations.t(i, station);
      for (int d = 0; d < dim; d++) {
        y[d * n + l] = (@Real double) stations.y(i, station, d);
      }
    }
    field.apply(t, y, slopes);
    for (int l = 0; l < going.length; l++) {
      double[] state = states[going[l]];
      int i = solved[going[l]];
      int station = stations.count(i) - 1 - pass;
      int time = stations.observation(i, station);
      gradients.evaluated(i, 1);
      for (int d = 0; d < dim; d++) {
        state[d] = stations.y(i, station, d);
      }
      if (time < 0) {
        double[] slope = new double[dim];
        for (int d = 0; d < dim; d++) {
          slope[d] = slopes[d * n + l];
        }
        jump(gradients, i, stations.event(i, station), slope, state);
        continue;
      }
      double[] g = gradients.cotangents(i);
      double moved = 0;
      for (int d = 0; d < dim; d++) {
        state[dim + d] += g[time * dim + d];
        moved += g[time * dim + d] * slopes[d * n + l];
      }
      gradients.gradT(i)[time] = moved;
      // Its own, or the batch's, which is the first of the packed numbers.
      states[isShared ? 0 : going[l]][2 * dim] -= moved;
    }
  }

  private void jump(Gradients gradients, int i, int event, double[] slope, double[] state) {
    EventHit hit = gradients.solution().events(i).get(event);
    boolean goesOn = forward.events().get(hit.event()).restart() != null;
    double[] before = new double[dim];
    double[] theta = new double[state.length - 2 * dim - 1];
    state[2 * dim] =
        new EventJump(forward.events(), gradients)
            .back(
                i,
                event,
                goesOn,
                Arrays.copyOfRange(state, dim, 2 * dim),
                slope,
                state[2 * dim],
                before,
                theta.length == 0 ? null : theta);
    System.arraycopy(before, 0, state, dim, dim);
    for (int p = 0; p < theta.length; p++) {
      state[2 * dim + 1 + p] += theta[p];
    }
  }

  private static void solve(
      OdeSolve back,
      AugmentedField augmented,
      Gradients gradients,
      Stations stations,
      int[] solved,
      int[] going,
      int pass,
      double[][] states) {
    int size = augmented.dim();
    double[] y0 = new double[going.length * size];
    double[][] ts = new double[going.length][];
    for (int l = 0; l < going.length; l++) {
      System.arraycopy(states[going[l]], 0, y0, l * size, size);
      int i = solved[going[l]];
      int station = stations.count(i) - 1 - pass;
      double from = stations.t(i, station);
      double to = stations.t(i, station - 1);
      // Two at one time: there is nothing to solve.
      ts[l] = from == to ? new double[] {from} : new double[] {from, to};
    }
    Solution solution = back.solve(augmented, Trajectories.of(size, y0, ts));
    for (int l = 0; l < going.length; l++) {
      int i = solved[going[l]];
      gradients.evaluated(i, solution.nfe(l));
      states[going[l]] = solution.ys(l);
      if (!solution.status(l).isSuccess() && gradients.status(i).isSuccess()) {
        gradients.fail(i, solution.status(l));
      }
    }
  }

  /** Sets a_t to −a_z·f at the start, where it has missed what jumps of f do to it. */
  private void moveStarts(Gradients gradients, int[] solved, double[][] states, boolean isShared) {
    int n = Lanes.padded(solved.length);
    double[] t = new double[n];
    @Real double[] y = new @Real double[dim * n];
    @Real double[] slopes = new @Real double[dim * n];
    for (int l = 0; l < n; l++) {
      int i = solved[Math.min(l, solved.length - 1)];
      double[] ts = gradients.solution().times(i);
      // Just after the start, should f jump there.
      t[l] = Math.nextAfter(ts[0], ts[ts.length - 1]);
      for (int d = 0; d < dim; d++) {
        y[d * n + l] = (@Real double) gradients.solution().y(i, 0, d);
      }
    }
    field.apply(t, y, slopes);
    double sum = 0;
    for (int l = 0; l < solved.length; l++) {
      gradients.evaluated(solved[l], 1);
      double moved = 0;
      for (int d = 0; d < dim; d++) {
        moved -= states[l][dim + d] * slopes[d * n + l];
      }
      sum += moved;
      states[isShared ? 0 : l][2 * dim] = isShared ? sum : moved;
    }
  }

  private void collect(Gradients gradients, int i, double[] state, boolean isShared) {
    double[] g = gradients.cotangents(i);
    for (int d = 0; d < dim; d++) {
      gradients.gradY0(i)[d] = state[dim + d] + g[d];
    }
    if (!isShared) {
      gradients.gradT(i)[0] = state[2 * dim];
      if (thetaGradient != ThetaGradient.NONE) {
        double[] out =
            thetaGradient == ThetaGradient.SUM ? gradients.gradTheta() : gradients.gradTheta(i);
        for (int p = 0; p < out.length; p++) {
          out[p] += state[2 * dim + 1 + p];
        }
      }
    }
  }

  private void unpack(Gradients gradients, int[] solved, double[][] states) {
    int n = solved.length;
    // The batch has one time at each place: what it gives is shared out evenly.
    for (int i : solved) {
      gradients.gradT(i)[0] = states[0][2 * dim] / n;
    }
    if (thetaGradient == ThetaGradient.SUM) {
      double[] out = gradients.gradTheta();
      for (int p = 0; p < out.length; p++) {
        int e = 1 + p;
        out[p] = states[e % n][2 * dim + e / n];
      }
    }
  }
}
