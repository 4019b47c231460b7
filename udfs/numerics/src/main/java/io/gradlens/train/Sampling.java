package io.gradlens.train;

import io.gradlens.random.CounterRandom;
import io.gradlens.random.RandomPermutation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which windows an iteration looks at. Each iteration draws its own, without drawing one twice: the
 * first places of a random order of all windows that is a function of seed and iteration.
 *
 * @param windowing what a window is
 * @param total how many windows there are
 * @param batch how many an iteration draws; 0, or more than there are, for all
 * @param curriculum how many points of them count
 */
public record Sampling(
    Windowing windowing, long total, long batch, Curriculum curriculum, long seed)
    implements Serializable {

  private static final long STREAM = CounterRandom.key("windows");

  /** All windows, in whole, in every iteration. */
  public static Sampling everything(Windowing windowing, long total) {
    return new Sampling(windowing, total, 0, Curriculum.none(), 0);
  }

  /** The same for another part of the data, from which an iteration draws in proportion. */
  Sampling part(long windows, long drawn, long partSeed) {
    return new Sampling(windowing, windows, drawn, curriculum, partSeed);
  }

  /** Whether every iteration takes all windows in whole: the same objective always. */
  public boolean isComplete() {
    return isAll() && curriculum.first() == 0;
  }

  private boolean isAll() {
    return batch == 0 || batch >= total;
  }

  /** How many windows an iteration draws. */
  public long drawn() {
    return isAll() ? total : batch;
  }

  /** The numbers of an iteration's windows, ascending; null for all. */
  long[] numbers(int iteration) {
    if (isAll()) {
      return null;
    }
    RandomPermutation order =
        new RandomPermutation(CounterRandom.bits(seed, STREAM, iteration), total);
    long[] numbers = new long[Math.toIntExact(batch)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = order.at(i);
    }
    Arrays.sort(numbers);
    return numbers;
  }

  /**
   * Those of an iteration's windows that are in a block, by ascending number.
   *
   * @param numbers what {@link #numbers} gave
   */
  List<Window> windows(TrajectoryBlock block, int iteration, long[] numbers) {
    int most = curriculum.points(iteration);
    int next = numbers == null ? 0 : firstAtLeast(numbers, block.firstWindow());
    long first = block.firstWindow();
    List<Window> windows = new ArrayList<>();
    for (ObservedTrajectory trajectory : block.trajectories()) {
      int count = windowing.count(trajectory);
      if (numbers == null) {
        for (int which = 0; which < count; which++) {
          windows.add(windowing.window(trajectory, which, first + which, most));
        }
      } else {
        for (; next < numbers.length && numbers[next] < first + count; next++) {
          int which = (int) (numbers[next] - first);
          windows.add(windowing.window(trajectory, which, numbers[next], most));
        }
      }
      first += count;
    }
    return windows;
  }

  private static int firstAtLeast(long[] sorted, long number) {
    int at = Arrays.binarySearch(sorted, number);
    return at >= 0 ? at : -at - 1;
  }
}
