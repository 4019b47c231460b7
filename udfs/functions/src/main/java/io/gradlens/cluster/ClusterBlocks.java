package io.gradlens.cluster;

import io.gradlens.UserInputException;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.Windowing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Blocks of trajectories by order of id, spread over executors in runs of neighbours. They are the
 * blocks that {@code TrajectoryBlocks} makes in one process, whatever the number of partitions.
 *
 * @param blocks kept on the executors
 * @param count how many blocks there are
 * @param windows how many windows they have
 */
record ClusterBlocks(JavaRDD<TrajectoryBlock> blocks, int count, long windows) {

  /** What the driver has to know of a block. */
  private record Outline(int number, long windows, String firstId, String lastId, String twice)
      implements Serializable {}

  /**
   * Groups trajectories.
   *
   * @param size trajectories in a block
   * @param partitions how many parts there are to be
   */
  static JavaRDD<TrajectoryBlock> grouped(
      JavaRDD<ObservedTrajectory> trajectories, int size, int partitions) {
    JavaRDD<ObservedTrajectory> sorted =
        trajectories.sortBy(ObservedTrajectory::id, true, partitions);
    int count = Math.toIntExact((sorted.count() + size - 1) / size);
    return sorted
        .zipWithIndex()
        .mapToPair(each -> new Tuple2<>((int) (each._2() / size), each._1()))
        .groupByKey(new Neighbours(count, partitions))
        .map(group -> new TrajectoryBlock(group._1(), 0, inOrder(group._2())))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static List<ObservedTrajectory> inOrder(Iterable<ObservedTrajectory> trajectories) {
    List<ObservedTrajectory> all = new ArrayList<>();
    trajectories.forEach(all::add);
    all.sort(Comparator.comparing(ObservedTrajectory::id));
    return all;
  }

  /**
   * Numbers the windows of grouped blocks.
   *
   * @throws UserInputException if two trajectories have the same id
   */
  static ClusterBlocks numbered(JavaRDD<TrajectoryBlock> grouped, Windowing windowing) {
    List<Outline> outlines =
        new ArrayList<>(grouped.map(block -> outline(block, windowing)).collect());
    outlines.sort(Comparator.comparingInt(Outline::number));
    long[] first = new long[outlines.size() + 1];
    for (int b = 0; b < outlines.size(); b++) {
      Outline block = outlines.get(b);
      String twice = block.twice;
      if (b > 0 && outlines.get(b - 1).lastId.equals(block.firstId)) {
        twice = block.firstId;
      }
      if (twice != null) {
        throw new UserInputException(
            "Two trajectories have the id '%s': ids must differ.".formatted(twice));
      }
      first[b + 1] = first[b] + block.windows;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(grouped.context());
    Broadcast<long[]> starts = context.broadcast(first);
    JavaRDD<TrajectoryBlock> blocks =
        grouped
            .map(block -> block.withFirstWindow(starts.value()[block.number()]))
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new ClusterBlocks(blocks, outlines.size(), first[outlines.size()]);
  }

  private static Outline outline(TrajectoryBlock block, Windowing windowing) {
    List<ObservedTrajectory> all = block.trajectories();
    String twice = null;
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i).id().equals(all.get(i - 1).id())) {
        twice = all.get(i).id();
      }
    }
    return new Outline(
        block.number(),
        block.windows(windowing),
        all.get(0).id(),
        all.get(all.size() - 1).id(),
        twice);
  }

  /** Runs of neighbouring blocks, so that a part's sum is few nodes. */
  private static final class Neighbours extends Partitioner {
    private static final long serialVersionUID = 1;
    private final int blocks;
    private final int partitions;

    Neighbours(int blocks, int partitions) {
      this.blocks = blocks;
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object block) {
      return (int) ((long) (Integer) block * partitions / Math.max(1, blocks));
    }
  }
}
