package io.gradlens.benchmarks;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.nn.Mlp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the tasks of {@link GradientsJob} compute, in threads without Spark: the same pieces in
 * batches of the same size through the same adjoint, from arrays in memory and to nowhere.
 */
final class PlainGradients {

  /** As many as {@code GradientRows} takes at a time, and as much of its steps is kept. */
  private static final int AT_A_TIME = 1024;

  private static final long STEP_BYTES = 64L << 20;

  private record Batch(Spiral pieces, int first, int count) {}

  private final List<Batch> batches = new ArrayList<>();
  private final int count;

  PlainGradients(int count) {
    this.count = count;
    for (Spiral part : SpiralPieces.draw(count)) {
      int pieces = part.trajectories().count();
      for (int first = 0; first < pieces; first += AT_A_TIME) {
        batches.add(new Batch(part, first, Math.min(AT_A_TIME, pieces - first)));
      }
    }
  }

  /**
   * A run.
   *
   * @param rate trajectories a second
   * @param meanLoss over all trajectories
   */
  record Run(double rate, double meanLoss) {}

  /** Computes all gradients once; a thread that is done takes the next batch. */
  Run run(int threads) throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<Double>> losses = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        losses.add(pool.submit(() -> sumOfLosses(next)));
      }
      double sum = 0;
      for (Future<Double> loss : losses) {
        sum += loss.get();
      }
      return new Run(count / ((System.nanoTime() - start) / 1e9), sum / count);
    } finally {
      pool.shutdown();
    }
  }

  private double sumOfLosses(AtomicInteger next) {
    Adjoint adjoint =
        new DiscreteAdjoint(
            OdeSolve.with(
                Tableaus.named("dopri5"),
                StepSizeController.adaptive(GradientsJob.RTOL, GradientsJob.ATOL)),
            new Mlp(Spiral.NET, GradientsJob.theta()),
            ThetaGradient.NONE,
            StepMemory.checkpoints(STEP_BYTES));
    double sum = 0;
    for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
      sum += sumOfLosses(adjoint, batches.get(i));
    }
    return sum;
  }

  private static double sumOfLosses(Adjoint adjoint, Batch batch) {
    Trajectories all = batch.pieces.trajectories();
    int dim = all.dim();
    double[] y0 = new double[batch.count * dim];
    double[][] ts = new double[batch.count][];
    double[][] targets = new double[batch.count][];
    for (int i = 0; i < batch.count; i++) {
      for (int d = 0; d < dim; d++) {
        y0[i * dim + d] = all.y0(batch.first + i, d);
      }
      ts[i] = all.times(batch.first + i);
      targets[i] = batch.pieces.targets(batch.first + i);
    }
    Gradients gradients =
        adjoint.gradient(Trajectories.of(dim, y0, ts), Losses.meanSquared(targets));
    double sum = 0;
    for (int i = 0; i < batch.count; i++) {
      sum += gradients.loss(i);
    }
    return sum;
  }
}
