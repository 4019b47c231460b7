package io.gradlens.train;

import java.io.Serializable;

/**
 * Which windows a trajectory has: all runs of a number of consecutive points that begin at a
 * complete observation. A shorter trajectory has one window, the whole of it, as has every
 * trajectory where windows are whole trajectories.
 *
 * @param points of a window; 0 for whole trajectories
 * @param least fewer points than this are no window
 */
public record Windowing(int points, int least) implements Serializable {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a window would have too few points
   */
  public Windowing {
    if (points != 0 && points < least) {
      throw new IllegalArgumentException(
          "A window needs at least %d points, or 0 for whole trajectories; got %d."
              .formatted(least, points));
    }
  }

  /** How many windows a trajectory has. */
  public int count(ObservedTrajectory trajectory) {
    if (isWhole(trajectory)) {
      return trajectory.points() >= least && trajectory.isComplete(0) ? 1 : 0;
    }
    int count = 0;
    for (int from = 0; from + points <= trajectory.points(); from++) {
      count += trajectory.isComplete(from) ? 1 : 0;
    }
    return count;
  }

  private boolean isWhole(ObservedTrajectory trajectory) {
    return points == 0 || trajectory.points() < points;
  }

  /**
   * A window of a trajectory.
   *
   * @param which which of those that it has, from 0
   * @param number what it is called
   * @param most it is cut after so many points
   */
  Window window(ObservedTrajectory trajectory, int which, long number, int most) {
    if (isWhole(trajectory)) {
      return new Window(trajectory, number, 0, Math.min(most, trajectory.points()));
    }
    int from = -1;
    for (int left = which; left >= 0; left--) {
      do {
        from++;
      } while (!trajectory.isComplete(from));
    }
    return new Window(trajectory, number, from, Math.min(most, points));
  }
}
