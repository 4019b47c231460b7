package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.Preprocessing;
import io.gradlens.model.graph.InputShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class MinibatchesTest {
  private static final InputShape INPUT = new InputShape(1, 1, 1);

  /** Pictures of one pixel, whose grey is their number. */
  private static List<TrainingImage> images(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new TrainingImage("%08x".formatted(i), "" + i % 2, new byte[] {(byte) i}))
        .toList();
  }

  private static final BatchAssembly ASSEMBLY =
      new BatchAssembly(
          INPUT, Preprocessing.preset("identity"), Augmentation.NONE, 2, Map.of("0", 0, "1", 1));

  private static List<List<Integer>> drawn(int count, int batch, int epoch, int first, int most) {
    Minibatches batches =
        new Minibatches(images(count).iterator(), 3, count, epoch, first, most, batch, 9, ASSEMBLY);
    List<List<Integer>> all = new ArrayList<>();
    batches.forEachRemaining(
        each -> {
          List<Integer> greys = new ArrayList<>();
          for (float grey : each.getFeatures(0).data().asFloat()) {
            greys.add((int) grey);
          }
          all.add(greys);
        });
    return all;
  }

  @ParameterizedTest
  @CsvSource({"100,10,10", "104,10,10", "105,10,11", "3,10,1", "0,10,0", "15,10,2"})
  void restsMakeABatchFromHalfASizeOn(int images, int size, int batches) {
    assertThat(Minibatches.count(images, size)).isEqualTo(batches);
    assertThat(drawn(images, size, 1, 0, 1000)).hasSize(batches);
  }

  @Test
  void anEpochHasEveryImageOnceInAnOrderOfItsOwn() {
    List<Integer> first = drawn(60, 8, 1, 0, 100).stream().flatMap(List::stream).toList();
    List<Integer> second = drawn(60, 8, 2, 0, 100).stream().flatMap(List::stream).toList();

    assertThat(first).hasSize(60).doesNotHaveDuplicates().isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void partsOfAnEpochAreThoseOfTheWhole() {
    List<List<Integer>> whole = drawn(60, 8, 1, 0, 100);
    List<List<Integer>> parts = new ArrayList<>();
    for (int from = 0; from < 8; from += 3) {
      parts.addAll(drawn(60, 8, 1, from, 3));
    }
    assertThat(parts).isEqualTo(whole);
    assertThat(Minibatches.images(60, 6, 3, 8)).isEqualTo(12);
  }

  @Test
  void picturesAreChannelByChannelWithTheirClasses() {
    InputShape shape = new InputShape(1, 2, 3);
    TrainingImage image = new TrainingImage("00000000", "b", new byte[] {1, 2, 3, 4, 5, 6});
    BatchAssembly assembly =
        new BatchAssembly(
            shape, Preprocessing.preset("identity"), Augmentation.NONE, 2, Map.of("a", 0, "b", 1));

    MultiDataSet batch = assembly.augmented(List.of(image), 0, 1);

    INDArray input = batch.getFeatures(0);
    assertThat(input.shape()).containsExactly(1, 3, 1, 2);
    assertThat(input.data().asFloat()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(batch.getLabels(0).data().asFloat()).containsExactly(0, 1);
    assertThat(assembly.plain(List.of(image))).isEqualTo(input);
  }
}
