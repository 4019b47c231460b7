package io.gradlens.train;

import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How far solutions of dy/dt = f(t, y, θ) are from what was observed: each window is solved from
 * its first observation on.
 *
 * <p>Where the field has more components than were observed, those beyond begin at 0 and are
 * compared with nothing. What is NaN was not observed and does not count.
 *
 * <p>An observation that is noisy is a bad initial state: everything after it pays for the noise.
 * {@link #learningInitialStates} makes initial states parameters too.
 */
public final class FieldLoss implements BatchLoss {
  private final FieldEngine engine;
  private final Function<double[][], Loss> loss;
  private final int learned;

  /**
   * @param engine of f; its θ is replaced
   * @param loss from targets, {@code [window][point · dim]}, as {@code Losses::meanSquared}
   */
  public FieldLoss(FieldEngine engine, Function<double[][], Loss> loss) {
    this(engine, loss, 0);
  }

  private FieldLoss(FieldEngine engine, Function<double[][], Loss> loss, int learned) {
    this.engine = engine;
    this.loss = loss;
    this.learned = learned;
  }

  /**
   * The same where initial states are learned with θ: parameters are θ and then the states that
   * windows begin with, by number of window, {@code [p + window · dim]}. Windows must be whole
   * trajectories.
   *
   * @param trajectories how many there are
   */
  public static FieldLoss learningInitialStates(
      FieldEngine engine, Function<double[][], Loss> loss, int trajectories) {
    return new FieldLoss(engine, loss, trajectories);
  }

  /**
   * Where θ begins if initial states are learned: at the field's, and at the first observations.
   */
  public static double[] withInitialStates(
      double[] theta, int dim, List<TrajectoryBlock> blocks, Windowing windowing) {
    List<double[]> states = new ArrayList<>();
    for (TrajectoryBlock block : blocks) {
      for (ObservedTrajectory trajectory : block.trajectories()) {
        if (windowing.count(trajectory) == 1) {
          states.add(Arrays.copyOf(trajectory.y(), trajectory.dim()));
        }
      }
    }
    double[] all = Arrays.copyOf(theta, theta.length + states.size() * dim);
    for (int i = 0; i < states.size(); i++) {
      System.arraycopy(states.get(i), 0, all, theta.length + i * dim, states.get(i).length);
    }
    return all;
  }

  @Override
  public int params() {
    return engine.params() + learned * engine.dim();
  }

  private void setTheta(double[] theta) {
    engine.setTheta(learned == 0 ? theta : Arrays.copyOf(theta, engine.params()));
  }

  @Override
  public int leastPoints() {
    return 2;
  }

  @Override
  public void gradient(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    setTheta(theta);
    Gradients gradients =
        engine.gradient(trajectories(theta, windows), loss.apply(targets(windows)));
    Solution solution = gradients.solution();
    for (int i = 0; i < windows.size(); i++) {
      add(solution, i, gradients.loss(i), solution.nfe(i) + gradients.nfeBackward(i), sum);
    }
    sum.addGradient(learned == 0 ? gradients.gradTheta() : withInitial(gradients, windows));
  }

  @Override
  public void loss(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    setTheta(theta);
    Solution solution = engine.solve(trajectories(theta, windows));
    Loss onStates = loss.apply(targets(windows));
    for (int i = 0; i < windows.size(); i++) {
      double[] ys = solution.ys(i);
      double value =
          solution.status(i).isSuccess()
              ? onStates.evaluate(i, solution.times(i), ys, new double[ys.length])
              : Double.NaN;
      add(solution, i, value, solution.nfe(i), sum);
    }
  }

  private static void add(Solution solution, int i, double value, long nfe, LossSum sum) {
    if (solution.status(i).isSuccess()) {
      sum.add(value, nfe);
    } else {
      sum.addFailure(nfe);
    }
  }

  private double[] withInitial(Gradients gradients, List<Window> windows) {
    double[] all = Arrays.copyOf(gradients.gradTheta(), params());
    for (int i = 0; i < windows.size(); i++) {
      if (gradients.solution().status(i).isSuccess()) {
        int dim = engine.dim();
        System.arraycopy(gradients.gradY0(i), 0, all, slot(windows.get(i)), dim);
      }
    }
    return all;
  }

  /** Where a window's initial state begins among the parameters. */
  private int slot(Window window) {
    if (window.number() >= learned || window.from() > 0) {
      throw new IllegalArgumentException(
          "Initial states are learned for %d whole trajectories; '%s' has window %d from point %d."
              .formatted(learned, window.trajectory().id(), window.number(), window.from()));
    }
    return engine.params() + (int) window.number() * engine.dim();
  }

  private Trajectories trajectories(double[] theta, List<Window> windows) {
    int dim = engine.dim();
    double[] y0 = new double[windows.size() * dim];
    double[][] ts = new double[windows.size()][];
    for (int i = 0; i < ts.length; i++) {
      Window window = windows.get(i);
      int observed = window.trajectory().dim();
      if (observed > dim) {
        throw new IllegalArgumentException(
            "Trajectory '%s' has %d components, the field %d."
                .formatted(window.trajectory().id(), observed, dim));
      }
      if (learned > 0) {
        System.arraycopy(theta, slot(window), y0, i * dim, dim);
      } else {
        System.arraycopy(window.trajectory().y(), window.from() * observed, y0, i * dim, observed);
      }
      ts[i] = window.times();
    }
    return Trajectories.of(dim, y0, ts);
  }

  private double[][] targets(List<Window> windows) {
    return windows.stream().map(this::target).toArray(double[][]::new);
  }

  private double[] target(Window window) {
    int dim = engine.dim();
    int observed = window.trajectory().dim();
    double[] states = window.states();
    if (observed == dim) {
      return states;
    }
    double[] wide = new double[window.points() * dim];
    Arrays.fill(wide, Double.NaN);
    for (int j = 0; j < window.points(); j++) {
      System.arraycopy(states, j * observed, wide, j * dim, observed);
    }
    return wide;
  }
}
