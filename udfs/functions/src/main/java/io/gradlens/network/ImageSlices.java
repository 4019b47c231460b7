package io.gradlens.network;

import java.io.Serializable;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/**
 * Images spread over executors by a hash of their content, in slices of bounded size. A slice, and
 * the order of images in it, depends on the images and the number of workers alone, not on how the
 * data was partitioned before.
 *
 * <p>Slices lie in groups of one a worker; slice s belongs to worker s mod workers. A job that
 * needs a few batches reads one group and not everything.
 *
 * @param images one partition a slice, kept on the executors
 * @param workers how many slices are worked on at a time
 * @param sizes images in each slice
 */
record ImageSlices(JavaRDD<TrainingImage> images, int workers, List<Integer> sizes) {

  private static final long BYTES_A_SLICE = 64L << 20;

  /**
   * @param count how many images there are
   * @param bytesAnImage pixels of each
   */
  static ImageSlices of(JavaRDD<TrainingImage> images, int workers, long count, long bytesAnImage) {
    long slice = Math.max(1, BYTES_A_SLICE / bytesAnImage) * workers;
    int groups = Math.toIntExact(Math.max(1, (count + slice - 1) / slice));
    JavaRDD<TrainingImage> slices =
        images
            .mapToPair(image -> new Tuple2<>(image.key(), image))
            .repartitionAndSortWithinPartitions(new ByContent(groups * workers))
            .values()
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<Integer> sizes = slices.mapPartitions(all -> List.of(count(all)).iterator()).collect();
    return new ImageSlices(slices, workers, sizes);
  }

  private static int count(java.util.Iterator<TrainingImage> images) {
    int count = 0;
    for (; images.hasNext(); images.next()) {
      count++;
    }
    return count;
  }

  int groups() {
    return sizes.size() / workers;
  }

  /** A group's slices, one a partition. */
  JavaRDD<TrainingImage> group(int group) {
    int first = group * workers;
    int end = first + workers;
    return PartitionPruningRDD.create(
            images.rdd(), new Chosen(slice -> slice >= first && slice < end))
        .toJavaRDD();
  }

  /** How many batches the largest slice of a group makes. */
  int batches(int group, int batchSize) {
    return sizes.subList(group * workers, (group + 1) * workers).stream()
        .mapToInt(size -> Minibatches.count(size, batchSize))
        .max()
        .orElse(0);
  }

  /** How many images a group's batches of some numbers have. */
  long images(int group, int first, int most, int batchSize) {
    return sizes.subList(group * workers, (group + 1) * workers).stream()
        .mapToLong(size -> Minibatches.images(size, first, most, batchSize))
        .sum();
  }

  long total() {
    return sizes.stream().mapToLong(Integer::longValue).sum();
  }

  void forget() {
    images.unpersist();
  }

  /** Scala's function from a partition's number to whether it is wanted. */
  private static final class Chosen extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final SerializablePredicate wanted;

    Chosen(SerializablePredicate wanted) {
      this.wanted = wanted;
    }

    @Override
    public Object apply(Object partition) {
      return wanted.test((Integer) partition);
    }
  }

  private interface SerializablePredicate extends Predicate<Integer>, Serializable {}

  /** By the first 32 bits of the SHA-256, which are as random as any. */
  private static final class ByContent extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int slices;

    ByContent(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return (int) (Long.parseLong(((String) key).substring(0, 8), 16) % slices);
    }
  }
}
