package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final Windowing FIVE = new Windowing(5, 2);

  private static ObservedTrajectory trajectory(String id, int points) {
    return new ObservedTrajectory(id, Populations.range(points), Populations.range(2 * points));
  }

  private static List<Window> drawn(Sampling sampling, List<TrajectoryBlock> blocks, int k) {
    List<Window> all = new ArrayList<>();
    blocks.forEach(block -> all.addAll(sampling.windows(block, k, sampling.numbers(k))));
    return all;
  }

  @Test
  void windowsAreRunsOfConsecutivePointsFromACompleteOne() {
    ObservedTrajectory trajectory = trajectory("a", 8);
    trajectory.y()[2] = Double.NaN;
    assertThat(FIVE.count(trajectory)).isEqualTo(3);
    assertThat(IntStream.range(0, 3).map(w -> FIVE.window(trajectory, w, w, 9).from()))
        .containsExactly(0, 2, 3);
    Window last = FIVE.window(trajectory, 2, 2, 9);
    assertThat(last.times()).containsExactly(3, 4, 5, 6, 7);
    assertThat(last.states()).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    assertThat(FIVE.window(trajectory, 1, 1, 3).times()).containsExactly(2, 3, 4);
  }

  @Test
  void shortTrajectoriesAreOneWindowAndSinglePointsNone() {
    assertThat(FIVE.count(trajectory("a", 4))).isEqualTo(1);
    assertThat(FIVE.window(trajectory("a", 4), 0, 0, 9).points()).isEqualTo(4);
    assertThat(FIVE.count(trajectory("a", 1))).isZero();
    assertThat(new Windowing(0, 1).count(trajectory("a", 1))).isEqualTo(1);
    assertThatThrownBy(() -> new Windowing(1, 2)).hasMessageContaining("got 1");
  }

  /**
   * Every window is as likely: chi-squared, 239 degrees of freedom, above 312 once in a thousand.
   */
  @Test
  void batchesHaveTheirSizeNoWindowTwiceAndFavourNone() {
    List<ObservedTrajectory> data = new ArrayList<>();
    IntStream.range(0, 40).forEach(i -> data.add(trajectory("t%02d".formatted(i), 10)));
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, 7, FIVE);
    Sampling sampling = new Sampling(FIVE, 240, 12, Curriculum.none(), 1);
    int[] counts = new int[240];
    for (int k = 0; k < 2000; k++) {
      List<Window> windows = drawn(sampling, blocks, k);
      assertThat(windows).hasSize(12);
      assertThat(windows.stream().map(Window::number).distinct()).hasSize(12);
      windows.forEach(window -> counts[(int) window.number()]++);
    }
    double chi = Arrays.stream(counts).mapToDouble(n -> (n - 100.) * (n - 100) / 100).sum();
    assertThat(chi).isLessThan(312);
  }

  @Test
  void orderAndBlocksOfTheDataDoNotMatterToWhatIsDrawn() {
    List<ObservedTrajectory> data = Populations.observed(50, 0, 3);
    List<ObservedTrajectory> shuffled = new ArrayList<>(data);
    Collections.shuffle(shuffled, new Random(8));
    long total = Populations.windows(TrajectoryBlocks.of(data, 64, FIVE), FIVE);
    Sampling sampling = new Sampling(FIVE, total, 9, Curriculum.none(), 2);
    for (int k = 0; k < 20; k++) {
      List<Window> expected = drawn(sampling, TrajectoryBlocks.of(data, 64, FIVE), k);
      assertThat(drawn(sampling, TrajectoryBlocks.of(shuffled, 7, FIVE), k)).isEqualTo(expected);
    }
  }

  @Test
  void horizonsGrow() {
    Curriculum curriculum = new Curriculum(3, 100, 23);
    assertThat(curriculum.points(0)).isEqualTo(3);
    assertThat(curriculum.points(50)).isEqualTo(13);
    assertThat(curriculum.points(99)).isEqualTo(22);
    assertThat(curriculum.points(100)).isGreaterThan(23);
    assertThat(Curriculum.none().points(0)).isGreaterThan(1_000_000);
    assertThatThrownBy(() -> new Curriculum(1, 10, 5)).hasMessageContaining("got 1");
  }

  @Test
  void heldOutTrajectoriesStayHeldOutAndHaveTheirShare() {
    long held =
        IntStream.range(0, 10_000)
            .filter(i -> TrajectoryBlocks.isHeldOut("trajectory-" + i, .2, 5))
            .count();
    // Standard deviation 40.
    assertThat(held).isBetween(1850L, 2150L);
    assertThat(TrajectoryBlocks.isHeldOut("a", 0, 5)).isFalse();
    assertThat(TrajectoryBlocks.isHeldOut("a", 1, 5)).isTrue();
  }

  @Test
  void idsMustDiffer() {
    List<ObservedTrajectory> twins = List.of(trajectory("a", 3), trajectory("a", 4));
    assertThatThrownBy(() -> TrajectoryBlocks.of(twins, 64, FIVE)).hasMessageContaining("'a'");
  }
}
