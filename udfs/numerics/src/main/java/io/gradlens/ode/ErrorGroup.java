package io.gradlens.ode;

/**
 * Components of a state whose errors are averaged together. The error of a step is the largest of
 * its groups' root mean squares.
 *
 * @param from the first
 * @param to one past the last
 * @param isPacked false: they are components, each with one number a trajectory; true: they are
 *     numbers of the batch as a whole, packed into components (only where steps are shared): of n
 *     trajectories, number e is component e / n of trajectory e mod n
 */
public record ErrorGroup(int from, int to, boolean isPacked) {

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if the group is empty or begins below 0
   */
  public ErrorGroup {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "Expected an error group with 0 <= from < to, got %d and %d.".formatted(from, to));
    }
  }

  /** Components from one to before another. */
  public static ErrorGroup components(int from, int to) {
    return new ErrorGroup(from, to, false);
  }

  /** Packed numbers from one to before another, counted from the state's first number on. */
  public static ErrorGroup packed(int from, int to) {
    return new ErrorGroup(from, to, true);
  }
}
