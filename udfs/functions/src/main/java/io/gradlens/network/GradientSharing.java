package io.gradlens.network;

import io.gradlens.UserInputException;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.residual.ResidualClippingPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.RepartitionStrategy;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;

/**
 * DL4J's master for workers that send each other their updates' large entries, over UDP by Aeron.
 * Source: Strom, Scalable distributed DNN training using commodity GPU cloud computing, 2015.
 *
 * <p>Coding, messages and the mesh are DL4J's. What runs a job is not, because DL4J's own keeps one
 * parameter server a process for good: its executors learn nothing from each other after the first
 * job, all processes of a host want one port, an error leaves other tasks waiting, and neither
 * hooks nor listeners are called. Here every task is a worker with a network of its own, every job
 * has a mesh of its own, and a job that fails, as it does when a worker is lost, is run again from
 * where it began.
 */
final class GradientSharing extends SharedTrainingMaster {

  private static final double FIRST_THRESHOLD = 1e-3;
  private static final int ATTEMPTS = 3;

  private final TrainingHook step;

  /**
   * @param step what workers do around every step
   */
  GradientSharing(int workers, int batchSize, TrainingHook step) {
    super(
        VoidConfiguration.builder().build(),
        workers,
        RDDTrainingApproach.Direct,
        null,
        false,
        RepartitionStrategy.Balanced,
        Repartition.Never,
        new AdaptiveThresholdAlgorithm(FIRST_THRESHOLD),
        new ResidualClippingPostProcessor(5.0, 5),
        1,
        batchSize,
        0,
        1,
        0,
        null,
        null,
        null,
        false);
    this.step = step;
  }

  /**
   * Trains on the batches of every partition, one worker each, all at the same time.
   *
   * @throws UserInputException if Spark has fewer task slots than there are workers
   * @throws NetworkFailedException if workers and driver cannot reach each other
   */
  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> batches) {
    JavaSparkContext context = graph.getSparkContext();
    requireSlots(context, batches.getNumPartitions());
    ComputationGraph network = graph.getNetwork();
    NetworkState start = NetworkState.of(network);
    for (int attempt = 1; ; attempt++) {
      try {
        finish(graph, train(context, network, start, batches));
        return;
      } catch (Exception e) {
        start.restore(network);
        // Scala does not declare what it throws.
        if (!(e instanceof SparkException) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** An executor that was just lost comes back; a local one cannot be lost. */
  private static void requireSlots(JavaSparkContext context, int workers) {
    Duration patience = context.isLocal() ? Duration.ZERO : Duration.ofMinutes(1);
    if (!Patience.waitFor(() -> slots(context) >= workers, patience)) {
      throw new UserInputException(
          "%d workers that share gradients run at the same time, but Spark has %d task slots; give --workers %2$d, or --training-master averaging."
              .formatted(workers, slots(context)));
    }
  }

  private static int slots(JavaSparkContext context) {
    var spark = context.sc();
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  private List<SharingWorker.Result> train(
      JavaSparkContext context,
      ComputationGraph network,
      NetworkState start,
      JavaRDD<MultiDataSet> batches) {
    SharingMesh mesh =
        SharingMesh.at(context.getConf().get("spark.driver.host"), batches.getNumPartitions());
    DriverWeights weights = new DriverWeights(network.params());
    MeshTransport transport = new MeshTransport(mesh.driver(), mesh.port(), mesh);
    ModelParameterServer server = new ModelParameterServer(mesh.configuration(), transport, true);
    server.addUpdatesSubscriber(weights);
    Broadcast<NetworkState> shared = context.broadcast(start);
    try {
      server.launch();
      SharingCode code = new SharingCode(thresholdAlgorithm, residualPostProcessor);
      List<SharingWorker.Result> results =
          batches.mapPartitions(new SharingWorker(shared, mesh, code, step)).collect();
      for (SharingWorker.Result result : results) {
        if (result.failure() != null) {
          throw result.failure();
        }
      }
      weights.await(results.stream().mapToLong(SharingWorker.Result::updates).sum());
      return results;
    } finally {
      // Workers of this process, where Spark is local.
      SharingNode.closeOthers(null);
      weights.bypassMode(true);
      server.shutdown();
      shared.destroy();
    }
  }

  /** Score and optimizer's state are the mean of those of the workers that had a batch. */
  private static void finish(SparkComputationGraph graph, List<SharingWorker.Result> results) {
    List<SharingWorker.Result> busy =
        results.stream().filter(result -> result.batches() > 0).toList();
    graph.setScore(
        busy.stream().mapToDouble(SharingWorker.Result::score).average().orElse(Double.NaN));
    ComputationGraph network = graph.getNetwork();
    INDArray state = network.getUpdater().getStateViewArray();
    if (state != null) {
      state.assign(0);
      for (SharingWorker.Result result : busy) {
        INDArray part = Nd4j.createFromArray(result.updater()).reshape(state.shape());
        state.addi(part.divi(busy.size()));
      }
    }
    int steps = busy.stream().mapToInt(SharingWorker.Result::batches).max().orElse(0);
    var configuration = network.getConfiguration();
    configuration.setIterationCount(configuration.getIterationCount() + steps);
  }
}
