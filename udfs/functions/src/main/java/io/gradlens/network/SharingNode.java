package io.gradlens.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskKilledException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.EncodingHandler;
import org.deeplearning4j.spark.parameterserver.networking.v2.UpdatesConsumer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;

/**
 * A worker among those that share gradients: what its network learns goes to the others, and what
 * they learn comes into its network before the next step.
 *
 * <p>A node stays when its worker is done, for the driver still tells it what others learn and
 * would wait for it; it goes when this process joins the mesh of another job.
 */
final class SharingNode {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<SharingNode> OPEN = new ArrayList<>();

  private final SharingMesh mesh;
  private final String address;
  private final MeshTransport transport;
  private final ModelParameterServer server;

  private SharingNode(SharingMesh mesh) {
    this.mesh = mesh;
    address = mesh.ownAddress();
    transport = new MeshTransport(address, SharingMesh.freePort(address), mesh);
    server = new ModelParameterServer(mesh.configuration(), transport, false);
  }

  /**
   * Takes part in a job.
   *
   * @param network shares from now on what it learns
   * @throws NetworkFailedException if the driver, or other workers, are not there within a minute
   */
  static SharingNode join(SharingMesh mesh, ComputationGraph network, SharingCode code) {
    closeOthers(mesh);
    SharingNode node = new SharingNode(mesh);
    synchronized (OPEN) {
      OPEN.add(node);
    }
    node.connect(network, code);
    node.launch();
    if (!Patience.waitFor(() -> node.transport.nodes() > mesh.workers(), PATIENCE)) {
      throw node.failure(
          "%d of %d workers came together within %d s; Spark must run them at the same time, and the driver at %s must hear them by UDP"
              .formatted(
                  Math.max(0, node.transport.nodes() - 1),
                  mesh.workers(),
                  PATIENCE.toSeconds(),
                  mesh.driver()));
    }
    return node;
  }

  /** Leaves the meshes of other jobs than one; null leaves all. */
  static void closeOthers(SharingMesh mesh) {
    List<SharingNode> old;
    synchronized (OPEN) {
      old = OPEN.stream().filter(node -> !node.mesh.equals(mesh)).toList();
      OPEN.removeAll(old);
    }
    old.forEach(node -> node.server.shutdown());
  }

  private void connect(ComputationGraph network, SharingCode code) {
    EncodedGradientsAccumulator accumulator =
        new EncodedGradientsAccumulator.Builder(1)
            .messageHandler(new Sender(code))
            .memoryParameters(EncodedGradientsAccumulator.getOptimalBufferSize(network, 1, 2), 2)
            .build();
    UpdatesConsumer others =
        UpdatesConsumer.builder()
            .numWorkers(1)
            .accumulator(accumulator)
            .params(network.params())
            .build();
    accumulator.setExternalSource(others.getUpdatesQueue());
    accumulator.markExternalUpdates(true);
    accumulator.fallbackToSingleConsumerMode(true);
    accumulator.touch();
    network.setGradientsAccumulator(accumulator);
    server.addUpdatesSubscriber(others);
  }

  /** DL4J waits for the driver's answer without an end. */
  private void launch() {
    FutureTask<Void> launch = new FutureTask<>(server::launch, null);
    Thread thread = new Thread(launch, "gradient sharing: launch");
    thread.setDaemon(true);
    thread.start();
    try {
      launch.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      thread.interrupt();
      throw failure("the driver at %s does not answer by UDP".formatted(mesh.driver()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException();
    }
  }

  /** Waits until all that was learned is on its way, and returns how many updates that were. */
  long finish() {
    if (!Patience.waitFor(transport::isIdle, PATIENCE)) {
      throw failure("updates do not reach the driver at %s by UDP".formatted(mesh.driver()));
    }
    return transport.sent();
  }

  private NetworkFailedException failure(String what) {
    return new NetworkFailedException(
        "Gradients cannot be shared by the worker at %s: %s. Use --training-master averaging."
            .formatted(address, what));
  }

  /** Sends what a step has learned, in DL4J's code. */
  private final class Sender extends EncodingHandler {
    Sender(SharingCode code) {
      super(code.threshold(), code.residual(), null, false);
    }

    @Override
    protected void sendMessage(INDArray update, int iteration, int epoch) {
      try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        server.sendUpdate(update.unsafeDuplication(), iteration, epoch);
      }
      super.sendMessage(update, iteration, epoch);
    }
  }
}
