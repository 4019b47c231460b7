package io.gradlens.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of this process, for data that fits into its memory: no job an iteration. */
public final class LocalWorkforce implements Workforce {
  private final List<TrajectoryBlock> training;
  private final Sampling sampling;
  private final List<TrajectoryBlock> validation;
  private final Sampling wholeTrajectories;
  private final List<BatchLoss> losses = new ArrayList<>();
  private final ExecutorService threads;

  /**
   * @param sampling of training
   * @param validation may be the same as training
   * @param factory is asked once a thread
   * @param threads how many, at least 1
   */
  public LocalWorkforce(
      List<TrajectoryBlock> training,
      Sampling sampling,
      List<TrajectoryBlock> validation,
      BatchLoss.Factory factory,
      int threads) {
    this.training = training;
    this.sampling = sampling;
    Windowing whole = new Windowing(0, sampling.windowing().least());
    long windows = 0;
    this.validation = new ArrayList<>();
    for (TrajectoryBlock block : validation) {
      this.validation.add(block.withFirstWindow(windows));
      windows += block.windows(whole);
    }
    wholeTrajectories = Sampling.everything(whole, windows);
    int most = Math.max(1, Math.min(threads, Math.max(training.size(), validation.size())));
    for (int i = 0; i < most; i++) {
      losses.add(factory.get());
    }
    this.threads =
        Executors.newFixedThreadPool(
            most,
            task -> {
              Thread thread = new Thread(task, "gradlens-train");
              thread.setDaemon(true);
              return thread;
            });
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
      List<TrajectoryBlock> blocks,
      Sampling how,
      int iteration,
      double[] theta,
      BlockLoss.Kind kind) {
    SumTree tree = new SumTree(blocks.size());
    int workers = Math.min(losses.size(), blocks.size());
    AtomicInteger next = new AtomicInteger();
    if (workers == 1) {
      work(losses.get(0), blocks, how, iteration, theta, kind, next).forEach(tree::add);
      return tree.total();
    }
    List<Future<List<SumTree.Node>>> parts = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      BatchLoss loss = losses.get(w);
      parts.add(threads.submit(() -> work(loss, blocks, how, iteration, theta, kind, next)));
    }
    parts.forEach(part -> result(part).forEach(tree::add));
    return tree.total();
  }

  private static List<SumTree.Node> work(
      BatchLoss loss,
      List<TrajectoryBlock> blocks,
      Sampling how,
      int iteration,
      double[] theta,
      BlockLoss.Kind kind,
      AtomicInteger next) {
    BlockLoss blockLoss = new BlockLoss(loss, how, iteration, theta, kind);
    SumTree tree = new SumTree(blocks.size());
    for (int b = next.getAndIncrement(); b < blocks.size(); b = next.getAndIncrement()) {
      tree.add(blocks.get(b).number(), blockLoss.evaluate(blocks.get(b)));
    }
    return tree.nodes();
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while training", e);
    }
  }

  @Override
  public boolean isSameEveryIteration() {
    return sampling.isComplete() && !losses.get(0).isRandom();
  }

  @Override
  public long windowsAnIteration() {
    return sampling.drawn();
  }

  @Override
  public LocalSteps.Outcome localSteps(
      double[] theta, double[] state, int first, LocalSteps.Rule rule) {
    return LocalSteps.run(losses.get(0), 0, training, sampling, theta, state, first, rule);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
