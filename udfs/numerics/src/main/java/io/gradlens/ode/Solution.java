package io.gradlens.ode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a solve gives: states, how every trajectory ended, and what it cost.
 *
 * <p>A trajectory that failed, or was ended by an event, keeps what it reached; states that it did
 * not reach are NaN. At the time of an event that restarts a trajectory, {@link #ys} has the state
 * before it, {@link #at} the one after.
 *
 * <p>Who solves writes it; who reads it does not.
 */
public final class Solution {
  private final int dim;
  private final double[][] times;
  private final double[][] ys;
  private final DenseOutput[] dense;
  private final SolveStatus[] status;
  private final double[] reached;
  private final List<List<EventHit>> events;
  private final int[] nfe;
  private final int[] stepsAccepted;
  private final int[] stepsRejected;

  /** Trajectories of which nothing is known yet. */
  public Solution(int dim, int count, SaveAt kept) {
    this.dim = dim;
    times = new double[count][];
    ys = new double[count][];
    dense = kept == SaveAt.DENSE ? new DenseOutput[count] : null;
    status = new SolveStatus[count];
    reached = new double[count];
    events = new ArrayList<>(Collections.nCopies(count, List.of()));
    nfe = new int[count];
    stepsAccepted = new int[count];
    stepsRejected = new int[count];
  }

  /**
   * Gives a trajectory the states that its solve writes.
   *
   * @param ts is kept
   * @param states is kept, {@code [time][dim]}
   */
  public void states(int trajectory, double[] ts, double[] states) {
    times[trajectory] = ts;
    ys[trajectory] = states;
  }

  void dense(int trajectory, DenseOutput output) {
    dense[trajectory] = output;
  }

  /** Notes how a trajectory has ended, and where. */
  public void end(int trajectory, SolveStatus how, double t) {
    status[trajectory] = how;
    reached[trajectory] = t;
  }

  /** Counts evaluations of f for a trajectory. */
  public void evaluated(int trajectory, int times) {
    nfe[trajectory] += times;
  }

  /** Counts a trajectory's steps, and the evaluations of f that they took. */
  public void stepped(int trajectory, int accepted, int rejected, int evaluations) {
    stepsAccepted[trajectory] = accepted;
    stepsRejected[trajectory] = rejected;
    nfe[trajectory] += evaluations;
  }

  void happened(int trajectory, EventHit hit) {
    if (events.get(trajectory).isEmpty()) {
      events.set(trajectory, new ArrayList<>());
    }
    events.get(trajectory).add(hit);
  }

  /** How many trajectories there are. */
  public int count() {
    return ys.length;
  }

  /** Components of a state. */
  public int dim() {
    return dim;
  }

  /** The times of a trajectory's states. */
  public double[] times(int trajectory) {
    return times[trajectory];
  }

  /** A trajectory's states, {@code [time][dim]}. */
  public double[] ys(int trajectory) {
    return ys[trajectory];
  }

  /** A component of a trajectory's state at one of its times. */
  public double y(int trajectory, int time, int component) {
    return ys[trajectory][time * dim + component];
  }

  /**
   * The state at any time that the trajectory has passed.
   *
   * @throws IllegalStateException if the solve did not keep its interpolants ({@link SaveAt#DENSE})
   * @throws IllegalArgumentException if the time was not passed
   */
  public double[] at(int trajectory, double t) {
    if (dense == null) {
      throw new IllegalStateException(
          "No interpolants were kept: solve with saveAt(SaveAt.DENSE) to have states between times.");
    }
    return dense[trajectory].at(t);
  }

  /** How a trajectory ended. */
  public SolveStatus status(int trajectory) {
    return status[trajectory];
  }

  /** Whether all of them ended as intended. */
  public boolean isSuccess() {
    for (SolveStatus each : status) {
      if (!each.isSuccess()) {
        return false;
      }
    }
    return true;
  }

  /** The events of a trajectory, in the order in which it came to them. */
  public List<EventHit> events(int trajectory) {
    return Collections.unmodifiableList(events.get(trajectory));
  }

  /** The time that a trajectory reached. */
  public double reached(int trajectory) {
    return reached[trajectory];
  }

  /** Evaluations of f for a trajectory. */
  public int nfe(int trajectory) {
    return nfe[trajectory];
  }

  /** Accepted steps of a trajectory. */
  public int stepsAccepted(int trajectory) {
    return stepsAccepted[trajectory];
  }

  /** Rejected steps of a trajectory. */
  public int stepsRejected(int trajectory) {
    return stepsRejected[trajectory];
  }
}
