package io.gradlens.benchmarks;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.Curriculum;
import io.gradlens.train.HistoryRow;
import io.gradlens.train.LatentOde;
import io.gradlens.train.LatentOdeLoss;
import io.gradlens.train.LatentShape;
import io.gradlens.train.LearningRate;
import io.gradlens.train.LocalWorkforce;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Optimizers;
import io.gradlens.train.Sampling;
import io.gradlens.train.Trainer;
import io.gradlens.train.TrainingObserver;
import io.gradlens.train.TrainingOptions;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.TrajectoryBlocks;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The latent-ODE spirals of the neural-ODE paper: 1000 to learn from and 100 held out, half of them
 * clockwise, 100 points each with noise of 0.3, of which some are seen. Prints the root mean square
 * of what is predicted at all 100 times of those held out, against the spirals without noise.
 *
 * <p>Spirals and widths are those of torchdiffeq's example: r = 15/θ about (−5, 0) or r = 0.3θ
 * about (5, 0), 500 points to 6π; latent 4, field 4-20-20-4 with ELU, encoder 25, decoder 20. The
 * encoder is also told the time to the point after, since points are missing.
 *
 * <p>Runs differ much by what is drawn: take several seeds.
 *
 * <p>Usage: LatentSpirals [points seen, 100] [iterations, 4000] [seed, 1]
 */
public final class LatentSpirals {
  private static final int LEARNED = 1000;
  private static final int HELD_OUT = 100;
  private static final int POINTS = 100;
  private static final double NOISE = 0.3;
  private static final double[] TIMES = new double[500];

  static {
    Arrays.setAll(TIMES, i -> 6 * Math.PI * i / 499);
  }

  private final long seed;
  private final Random random;
  private final List<ObservedTrajectory> learned = new ArrayList<>();
  private final List<ObservedTrajectory> heldOut = new ArrayList<>();
  private final List<double[]> truth = new ArrayList<>();

  private LatentSpirals(int seen, long seed) {
    this.seed = seed;
    random = new Random(seed);
    for (int i = 0; i < LEARNED + HELD_OUT; i++) {
      double[] clean = spiral();
      double[] noisy = Arrays.stream(clean).map(x -> x + NOISE * random.nextGaussian()).toArray();
      List<Integer> order = new ArrayList<>(IntStream.range(1, POINTS).boxed().toList());
      Collections.shuffle(order, random);
      int[] kept =
          IntStream.concat(IntStream.of(0), order.stream().limit(seen - 1L).mapToInt(j -> j))
              .sorted()
              .toArray();
      double[] t = Arrays.stream(kept).mapToDouble(j -> TIMES[j]).toArray();
      double[] y =
          Arrays.stream(kept)
              .flatMap(j -> IntStream.of(2 * j, 2 * j + 1))
              .mapToDouble(j -> noisy[j])
              .toArray();
      (i < LEARNED ? learned : heldOut).add(new ObservedTrajectory("%04d".formatted(i), t, y));
      if (i >= LEARNED) {
        truth.add(clean);
      }
    }
  }

  private double[] spiral() {
    boolean isOutwards = random.nextBoolean();
    int start = POINTS + random.nextInt(TIMES.length - 2 * POINTS);
    double[] y = new double[2 * POINTS];
    for (int j = 0; j < POINTS; j++) {
      double t = TIMES[start + j];
      double angle = isOutwards ? t : 6 * Math.PI + 1 - t;
      double radius = isOutwards ? 0.3 * angle : 15 / angle;
      y[2 * j] = radius * Math.cos(angle) + (isOutwards ? 5 : -5);
      y[2 * j + 1] = radius * Math.sin(angle);
    }
    return y;
  }

  public static void main(String[] args) {
    int seen = args.length > 0 ? Integer.parseInt(args[0]) : POINTS;
    int iterations = args.length > 1 ? Integer.parseInt(args[1]) : 4000;
    long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
    System.out.printf(
        "%d of %d points, seed %d: RMSE %.4f%n",
        seen, POINTS, seed, new LatentSpirals(seen, seed).run(iterations));
  }

  private double run(int iterations) {
    MlpShape shape = MlpShape.of(4, Activation.ELU, 20, 20);
    OdeSolve solve =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-4, 1e-4))
            .maxSteps(1000);
    LatentShape networks = new LatentShape(2, 4, 25, 20);
    double[] first = Arrays.copyOf(shape.glorot(seed), shape.params() + networks.params());
    System.arraycopy(networks.draw(seed), 0, first, shape.params(), networks.params());
    BatchLoss.Factory factory =
        () -> new LatentOdeLoss(new Mlp(shape, shape.glorot(seed)), solve, networks, NOISE, seed);
    Windowing whole = new Windowing(0, 2);
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(learned, TrajectoryBlock.SIZE, whole);
    Sampling sampling = new Sampling(whole, LEARNED, 100, Curriculum.none(), seed);
    TrainingOptions options =
        new TrainingOptions(
            iterations, LearningRate.cosine(0.01, iterations), 10, 1, 0, iterations / 10, 0, 0);
    try (Workforce workforce =
        new LocalWorkforce(
            blocks,
            sampling,
            TrajectoryBlocks.of(heldOut, TrajectoryBlock.SIZE, whole),
            factory,
            Runtime.getRuntime().availableProcessors())) {
      double[] theta =
          Trainer.start(
                  options,
                  () -> Optimizers.ADAM.with(first.length, 0, 0),
                  workforce,
                  new Printer(),
                  first)
              .run();
      return rmse(new LatentOde(new Mlp(shape, shape.glorot(seed)), solve, networks), theta);
    }
  }

  private double rmse(LatentOde model, double[] theta) {
    double[] times = Arrays.copyOf(TIMES, POINTS);
    double squares = 0;
    for (int i = 0; i < HELD_OUT; i++) {
      double[] predicted = model.predict(theta, heldOut.get(i).t(), heldOut.get(i).y(), times);
      for (int j = 0; j < predicted.length; j++) {
        squares += Math.pow(predicted[j] - truth.get(i)[j], 2);
      }
    }
    return Math.sqrt(squares / (2 * POINTS * HELD_OUT));
  }

  /** A line a validation. */
  private static final class Printer implements TrainingObserver {
    @Override
    public void iterationDone(HistoryRow row) {
      if (Double.isFinite(row.validationLoss())) {
        System.out.printf(
            "%5d  %6.1f s  loss %.1f, against what was seen %.4f%n",
            row.iteration(), row.seconds(), row.loss(), Math.sqrt(row.validationLoss()));
      }
    }
  }
}
