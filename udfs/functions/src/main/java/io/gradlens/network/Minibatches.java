package io.gradlens.network;

import io.gradlens.random.CounterRandom;
import io.gradlens.random.RandomPermutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Consecutive batches of a slice, shuffled and augmented anew in every epoch. The shuffle depends
 * on seed, epoch and slice, the augmentation on seed, epoch and the image's content.
 */
final class Minibatches implements Iterator<MultiDataSet> {
  private final BatchAssembly assembly;
  private final long seed;
  private final int epoch;
  private final List<List<TrainingImage>> batches;
  private int next;

  /**
   * Takes what it needs from a slice.
   *
   * @param slice in its fixed order
   * @param size how many images that are
   * @param first number of the first batch, from 0
   * @param most how many batches at most
   */
  Minibatches(
      Iterator<TrainingImage> slice,
      int sliceNumber,
      int size,
      int epoch,
      int first,
      int most,
      int batchSize,
      long seed,
      BatchAssembly assembly) {
    this.assembly = assembly;
    this.seed = seed;
    this.epoch = epoch;
    int from = first * batchSize;
    int to = from + images(size, first, most, batchSize);
    Map<Integer, Integer> places = new HashMap<>();
    if (from < to) {
      RandomPermutation order =
          new RandomPermutation(CounterRandom.bits(seed, epoch, sliceNumber), size);
      for (int place = from; place < to; place++) {
        places.put((int) order.at(place), place - from);
      }
    }
    TrainingImage[] drawn = new TrainingImage[places.size()];
    for (int i = 0; slice.hasNext() && !places.isEmpty(); i++) {
      TrainingImage image = slice.next();
      Integer place = places.remove(i);
      if (place != null) {
        drawn[place] = image;
      }
    }
    batches = cut(drawn, batchSize);
  }

  private static List<List<TrainingImage>> cut(TrainingImage[] images, int batchSize) {
    List<List<TrainingImage>> batches = new ArrayList<>();
    for (int from = 0; from < images.length; from += batchSize) {
      int to = Math.min(from + batchSize, images.length);
      batches.add(Arrays.asList(images).subList(from, to));
    }
    return batches;
  }

  /**
   * How many batches a slice makes. What is left over makes one of its own if it is at least half a
   * batch, or all there is; else it sits this epoch out, for a gradient of a few images, and a
   * batch normalisation by them, do more harm than good.
   */
  static int count(int images, int batchSize) {
    int whole = images / batchSize;
    int rest = images % batchSize;
    return rest > 0 && (2 * rest >= batchSize || whole == 0) ? whole + 1 : whole;
  }

  /** How many images are in a slice's batches from one on. */
  static int images(int size, int first, int most, int batchSize) {
    long end = Math.min((long) first + most, count(size, batchSize));
    return (int) Math.max(0, Math.min(end * batchSize, size) - (long) first * batchSize);
  }

  @Override
  public boolean hasNext() {
    return next < batches.size();
  }

  @Override
  public MultiDataSet next() {
    return assembly.augmented(batches.get(next++), seed, epoch);
  }
}
