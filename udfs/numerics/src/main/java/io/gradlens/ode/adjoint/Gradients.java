package io.gradlens.ode.adjoint;

import io.gradlens.ode.EventHit;
import io.gradlens.ode.Solution;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;
import java.util.List;

/**
 * A loss and its gradients with respect to initial states, parameters and times.
 *
 * <p>A trajectory whose solve failed has NaN for its loss and gradients, one that failed on the way
 * back for its gradients; neither counts in a sum of what it lacks. {@link #status} says which.
 */
public final class Gradients {
  private final Solution solution;
  private final SolveStatus[] status;
  private final ThetaGradient kind;
  private final double[] losses;
  private final double[][] cotangents;
  private final double[][] eventTimes;
  private final double[][] eventStates;
  private final double[][] gradY0;
  private final double[][] gradTheta;
  private final double[][] gradT;
  private final int[] nfeBackward;
  private long peakBytes;

  /**
   * Evaluates the loss, for an {@link Adjoint} to add gradients to what {@link #gradY0}, {@link
   * #gradT} and {@code gradTheta} give.
   *
   * @param params how many parameters the field has
   */
  public Gradients(Solution solution, ThetaGradient kind, int params, Loss loss) {
    this.solution = solution;
    this.kind = kind;
    int count = solution.count();
    status = new SolveStatus[count];
    losses = new double[count];
    cotangents = new double[count][];
    eventTimes = new double[count][];
    eventStates = new double[count][];
    gradY0 = new double[count][];
    gradT = new double[count][];
    nfeBackward = new int[count];
    for (int i = 0; i < count; i++) {
      double[] ys = solution.ys(i);
      status[i] = solution.status(i);
      boolean isSuccess = status[i].isSuccess();
      cotangents[i] = new double[ys.length];
      losses[i] = isSuccess ? loss.evaluate(i, solution.times(i), ys, cotangents[i]) : Double.NaN;
      List<EventHit> events = solution.events(i);
      eventTimes[i] = new double[events.size()];
      eventStates[i] = new double[events.size() * solution.dim()];
      if (isSuccess && !events.isEmpty()) {
        losses[i] += loss.evaluateEvents(i, events, eventTimes[i], eventStates[i]);
      }
      gradY0[i] = new double[solution.dim()];
      gradT[i] = new double[solution.times(i).length];
    }
    gradTheta =
        switch (kind) {
          case NONE -> null;
          case SUM -> new double[1][params];
          case PER_TRAJECTORY -> new double[count][params];
        };
    for (int i = 0; i < count; i++) {
      if (!status[i].isSuccess()) {
        fail(i, status[i]);
      }
    }
  }

  /** A trajectory's gradients are not to be had. */
  void fail(int trajectory, SolveStatus why) {
    status[trajectory] = why;
    Arrays.fill(gradY0[trajectory], Double.NaN);
    Arrays.fill(gradT[trajectory], Double.NaN);
    if (kind == ThetaGradient.PER_TRAJECTORY) {
      Arrays.fill(gradTheta[trajectory], Double.NaN);
    }
  }

  /** Counts evaluations of f on a trajectory's way back. */
  public void evaluated(int trajectory, int times) {
    nfeBackward[trajectory] += times;
  }

  /** Notes how much was held of the forward solve at one time. */
  public void held(long bytes) {
    peakBytes = Math.max(peakBytes, bytes);
  }

  /** ∂loss/∂y at a trajectory's times, {@code [time][dim]}. */
  public double[] cotangents(int trajectory) {
    return cotangents[trajectory];
  }

  /** ∂loss/∂τ of a trajectory's events. */
  double[] eventTimes(int trajectory) {
    return eventTimes[trajectory];
  }

  /** ∂loss/∂y⁻ of a trajectory's events, {@code [event][dim]}. */
  double[] eventStates(int trajectory) {
    return eventStates[trajectory];
  }

  /** The sum of the losses of all trajectories that were solved. */
  public double loss() {
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      if (solution.status(i).isSuccess()) {
        sum += losses[i];
      }
    }
    return sum;
  }

  /** A trajectory's loss. */
  public double loss(int trajectory) {
    return losses[trajectory];
  }

  /** dL/dy₀ of a trajectory, {@code [dim]}. */
  public double[] gradY0(int trajectory) {
    return gradY0[trajectory];
  }

  /** dL/dt of a trajectory, {@code [time]}. */
  public double[] gradT(int trajectory) {
    return gradT[trajectory];
  }

  /**
   * dL/dθ, summed over trajectories, {@code [params]}.
   *
   * @throws IllegalStateException if it was not asked for
   */
  public double[] gradTheta() {
    if (kind != ThetaGradient.SUM) {
      throw new IllegalStateException(
          "The adjoint was made with ThetaGradient.%s; the sum needs SUM.".formatted(kind));
    }
    return gradTheta[0];
  }

  /**
   * dL/dθ of a trajectory, {@code [params]}.
   *
   * @throws IllegalStateException if it was not asked for
   */
  public double[] gradTheta(int trajectory) {
    if (kind != ThetaGradient.PER_TRAJECTORY) {
      throw new IllegalStateException(
          "The adjoint was made with ThetaGradient.%s; one a trajectory needs PER_TRAJECTORY."
              .formatted(kind));
    }
    return gradTheta[trajectory];
  }

  /** What became of dL/dθ. */
  public ThetaGradient thetaGradient() {
    return kind;
  }

  /** How a trajectory's solve ended; or its backward solve, if only that one failed. */
  public SolveStatus status(int trajectory) {
    return status[trajectory];
  }

  /** The forward solve. */
  public Solution solution() {
    return solution;
  }

  /** Evaluations of f, each with a vector–Jacobian product, that a trajectory's gradients took. */
  public int nfeBackward(int trajectory) {
    return nfeBackward[trajectory];
  }

  /** The most bytes that were held of the forward solve for the way back. */
  public long peakBytes() {
    return peakBytes;
  }
}
