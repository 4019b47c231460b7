package io.gradlens.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.Curriculum;
import io.gradlens.train.FieldLoss;
import io.gradlens.train.LearningRate;
import io.gradlens.train.LocalWorkforce;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Optimizers;
import io.gradlens.train.Sampling;
import io.gradlens.train.SolverEngine;
import io.gradlens.train.Trainer;
import io.gradlens.train.TrainingObserver;
import io.gradlens.train.TrainingOptions;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.TrajectoryBlocks;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Executors give the bits that one process gives, for any number of partitions. */
class ClusterWorkforceTest {
  private static final double[] FIRST = {1, 1, 1, 1};
  private static final int BLOCK = 8;
  private static final Windowing FIVE = new Windowing(5, 2);
  private static final Windowing WHOLE = new Windowing(0, 2);
  private static final TrainingObserver NOBODY = new TrainingObserver() {};
  private static JavaSparkContext context;

  @BeforeAll
  static void startSpark() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private static BatchLoss.Factory loss() {
    return () ->
        new FieldLoss(
            new SolverEngine(
                ClassicalSystems.named("lotka-volterra").field(FIRST),
                OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-6, 1e-8))),
            Losses::meanSquared);
  }

  /** Ids in no order, of which some are prefixes of others. */
  private static List<ObservedTrajectory> observed(int count) {
    Random random = new Random(12);
    double[] t = IntStream.range(0, 9).mapToDouble(i -> 0.25 * i).toArray();
    List<ObservedTrajectory> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] y0 = {0.5 + 2 * random.nextDouble(), 0.5 + random.nextDouble()};
      double[] y =
          OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-6, 1e-8))
              .solve(
                  ClassicalSystems.named("lotka-volterra").field(1.3, .9, .8, 1.8),
                  Trajectories.of(2, y0, t))
              .ys(0)
              .clone();
      for (int j = 0; j < y.length; j++) {
        y[j] += 0.05 * random.nextGaussian();
      }
      all.add(new ObservedTrajectory("k" + i, t, y));
    }
    Collections.shuffle(all, random);
    return all;
  }

  private static ClusterWorkforce cluster(
      List<ObservedTrajectory> data, int partitions, long batch) {
    JavaRDD<ObservedTrajectory> rows = context.parallelize(data, 3);
    return new ClusterWorkforce(
        rows, null, BLOCK, partitions, FIVE, batch, Curriculum.none(), 4, loss());
  }

  private static Workforce local(List<ObservedTrajectory> data, long batch) {
    List<TrajectoryBlock> blocks = TrajectoryBlocks.of(data, BLOCK, FIVE);
    long windows = blocks.stream().mapToLong(block -> block.windows(FIVE)).sum();
    Sampling sampling = new Sampling(FIVE, windows, batch, Curriculum.none(), 4);
    return new LocalWorkforce(blocks, sampling, blocks, loss(), 2);
  }

  private static Trainer trainer(Workforce workforce, int iterations) {
    TrainingOptions options =
        TrainingOptions.of(iterations, LearningRate.constant(.02)).validating(25, 0);
    return Trainer.start(options, () -> Optimizers.ADAM.with(4, 0, 0), workforce, NOBODY, FIRST);
  }

  @Test
  void thetaIsTheSameToTheLastBitForAnyPartitionsAndInTheDriver() {
    List<ObservedTrajectory> data = observed(150);
    double[] expected;
    List<Double> validations;
    try (Workforce workforce = local(data, 60)) {
      Trainer trainer = trainer(workforce, 100);
      expected = trainer.run();
      validations = trainer.history().stream().map(row -> row.validationLoss()).toList();
    }
    assertThat(expected[0]).isBetween(1.1, 1.5);
    for (int partitions : new int[] {1, 2, 8, 64}) {
      try (ClusterWorkforce workforce = cluster(data, partitions, 60)) {
        Trainer trainer = trainer(workforce, 100);
        assertThat(trainer.run()).as("%d partitions", partitions).isEqualTo(expected);
        assertThat(trainer.history().stream().map(row -> row.validationLoss()).toList())
            .isEqualTo(validations);
        assertThat(workforce.schedulingShare()).isBetween(0.0, 1.0);
      }
    }
  }

  /** The exception, which the documentation names: local steps depend on the parts. */
  @Test
  void localStepsLearnTooButDependOnTheParts() {
    List<ObservedTrajectory> data = observed(60);
    List<double[]> thetas = new ArrayList<>();
    for (int partitions : new int[] {1, 4}) {
      try (ClusterWorkforce workforce = cluster(data, partitions, 0)) {
        TrainingOptions options = TrainingOptions.of(60, LearningRate.constant(.02)).local(10);
        Trainer trainer =
            Trainer.start(options, () -> Optimizers.ADAM.with(4, 0, 0), workforce, NOBODY, FIRST);
        thetas.add(trainer.run());
        assertThat(trainer.history()).hasSize(6);
        assertThat(trainer.history().get(5).loss()).isLessThan(trainer.history().get(0).loss() / 4);
      }
    }
    assertThat(thetas.get(0)).isNotEqualTo(thetas.get(1));
  }

  @Test
  void idsMustDifferAcrossBlocksToo() {
    List<ObservedTrajectory> data = new ArrayList<>(observed(BLOCK + 1));
    // In the order of ids the eighth is the last of its block, and the ninth the first of the next.
    ObservedTrajectory last =
        data.stream().filter(each -> each.id().equals("k7")).findFirst().orElseThrow();
    data.removeIf(each -> each.id().equals("k8"));
    data.add(last);
    assertThatThrownBy(() -> cluster(data, 2, 0))
        .isInstanceOf(UserInputException.class)
        .hasMessage("Two trajectories have the id 'k7': ids must differ.");
  }

  @Test
  void blocksAreThoseOfOneProcess() {
    List<ObservedTrajectory> data = observed(21);
    JavaRDD<TrajectoryBlock> grouped =
        ClusterBlocks.grouped(context.parallelize(data, 4), BLOCK, 5);
    ClusterBlocks blocks = ClusterBlocks.numbered(grouped, WHOLE);
    List<TrajectoryBlock> expected = TrajectoryBlocks.of(data, BLOCK, WHOLE);
    assertThat(blocks.count()).isEqualTo(3);
    assertThat(blocks.windows()).isEqualTo(21);
    for (TrajectoryBlock block : blocks.blocks().collect()) {
      TrajectoryBlock same = expected.get(block.number());
      assertThat(block.firstWindow()).isEqualTo(same.firstWindow());
      assertThat(block.trajectories().stream().map(ObservedTrajectory::id).toList())
          .isEqualTo(same.trajectories().stream().map(ObservedTrajectory::id).toList());
    }
  }
}
