package io.gradlens.cluster;

import io.gradlens.train.BatchLoss;
import io.gradlens.train.BlockLoss;
import io.gradlens.train.Curriculum;
import io.gradlens.train.LocalSteps;
import io.gradlens.train.LossSum;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Sampling;
import io.gradlens.train.SumTree;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Executors as a {@link Workforce}: one job an iteration. θ is broadcast, every task hands over the
 * nodes of the sum tree that its blocks fill, and the driver completes the tree. The sums are those
 * of {@code LocalWorkforce}, bit for bit on one type of processor, for any number of partitions.
 */
public final class ClusterWorkforce implements Workforce {
  private final JavaSparkContext context;
  private final ClusterBlocks training;
  private final Sampling sampling;
  private final ClusterBlocks validation;
  private final Sampling wholeTrajectories;
  private final BatchLoss.Factory factory;
  private final List<JavaRDD<TrajectoryBlock>> kept = new ArrayList<>();
  private long wallNanos;
  private long taskNanos;

  /** What a task hands over. */
  private record Part(List<SumTree.Node> nodes, long nanos) implements Serializable {}

  /**
   * Groups the data, which stays on the executors from then on.
   *
   * @param training trajectories to learn from
   * @param validation trajectories held out; null to validate on all of training
   * @param blockSize trajectories in a block
   * @param partitions how many parts the data is in
   * @param batch windows an iteration; 0 for all
   * @throws io.gradlens.UserInputException if two trajectories have the same id
   */
  public ClusterWorkforce(
      JavaRDD<ObservedTrajectory> training,
      JavaRDD<ObservedTrajectory> validation,
      int blockSize,
      int partitions,
      Windowing windowing,
      long batch,
      Curriculum curriculum,
      long seed,
      BatchLoss.Factory factory) {
    context = JavaSparkContext.fromSparkContext(training.context());
    this.factory = factory;
    Windowing whole = new Windowing(0, windowing.least());
    JavaRDD<TrajectoryBlock> grouped = ClusterBlocks.grouped(training, blockSize, partitions);
    this.training = ClusterBlocks.numbered(grouped, windowing);
    JavaRDD<TrajectoryBlock> heldOut =
        validation == null ? grouped : ClusterBlocks.grouped(validation, blockSize, partitions);
    this.validation = ClusterBlocks.numbered(heldOut, whole);
    Collections.addAll(kept, this.training.blocks(), this.validation.blocks(), grouped, heldOut);
    sampling = new Sampling(windowing, this.training.windows(), batch, curriculum, seed);
    wholeTrajectories = Sampling.everything(whole, this.validation.windows());
  }

  @Override
  public LossSum gradient(double[] theta, int iteration) {
    return sum(training, sampling, iteration, theta, BlockLoss.Kind.GRADIENT);
  }

  @Override
  public LossSum validate(double[] theta, int iteration) {
    return sum(validation, wholeTrajectories, iteration, theta, BlockLoss.Kind.LOSS);
  }

  private LossSum sum(
      ClusterBlocks data, Sampling how, int iteration, double[] theta, BlockLoss.Kind kind) {
    long start = System.nanoTime();
    Broadcast<double[]> shared = context.broadcast(theta.clone());
    int count = data.count();
    BatchLoss.Factory makes = factory;
    SumTree tree = new SumTree(count);
    long slowest = 0;
    List<Part> parts =
        data.blocks()
            .mapPartitions(
                blocks -> work(blocks, count, how, iteration, shared.value(), kind, makes))
            .collect();
    for (Part part : parts) {
      part.nodes.forEach(tree::add);
      slowest = Math.max(slowest, part.nanos);
    }
    shared.destroy();
    taskNanos += slowest;
    wallNanos += System.nanoTime() - start;
    return tree.total();
  }

  private static Iterator<Part> work(
      Iterator<TrajectoryBlock> blocks,
      int count,
      Sampling how,
      int iteration,
      double[] theta,
      BlockLoss.Kind kind,
      BatchLoss.Factory factory) {
    long start = System.nanoTime();
    SumTree tree = new SumTree(count);
    if (blocks.hasNext()) {
      BlockLoss loss = new BlockLoss(factory.get(), how, iteration, theta, kind);
      blocks.forEachRemaining(block -> tree.add(block.number(), loss.evaluate(block)));
    }
    return List.of(new Part(tree.nodes(), System.nanoTime() - start)).iterator();
  }

  /** The share of all time so far that was not computation of the slowest task. */
  public double schedulingShare() {
    return wallNanos == 0 ? 0 : 1 - (double) taskNanos / wallNanos;
  }

  @Override
  public boolean isSameEveryIteration() {
    return sampling.isComplete() && !factory.get().isRandom();
  }

  @Override
  public long windowsAnIteration() {
    return sampling.drawn();
  }

  @Override
  public LocalSteps.Outcome localSteps(
      double[] theta, double[] state, int first, LocalSteps.Rule rule) {
    Broadcast<double[][]> shared = context.broadcast(new double[][] {theta, state});
    BatchLoss.Factory makes = factory;
    Sampling how = sampling;
    List<LocalSteps.Outcome> outcomes =
        training
            .blocks()
            .mapPartitionsWithIndex(
                (part, blocks) -> localWork(part, blocks, how, shared.value(), first, rule, makes),
                true)
            .collect();
    shared.destroy();
    return LocalSteps.mean(outcomes);
  }

  private static Iterator<LocalSteps.Outcome> localWork(
      int part,
      Iterator<TrajectoryBlock> iterator,
      Sampling how,
      double[][] shared,
      int first,
      LocalSteps.Rule rule,
      BatchLoss.Factory factory) {
    List<TrajectoryBlock> blocks = new ArrayList<>();
    iterator.forEachRemaining(blocks::add);
    if (blocks.stream().allMatch(block -> block.windows(how.windowing()) == 0)) {
      return Collections.emptyIterator();
    }
    return List.of(
            LocalSteps.run(factory.get(), part, blocks, how, shared[0], shared[1], first, rule))
        .iterator();
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
