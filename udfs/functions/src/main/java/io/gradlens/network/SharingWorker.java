package io.gradlens.network;

import io.gradlens.model.NativeBackend;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A task that learns from a partition's batches and shares what it learns while it does. */
final class SharingWorker implements FlatMapFunction<Iterator<MultiDataSet>, SharingWorker.Result> {
  private static final long serialVersionUID = 1L;

  /**
   * What a worker ends with.
   *
   * @param batches that it has learned from
   * @param updates that it has sent
   * @param score its last loss; NaN without a batch
   * @param updater the optimizer's state; empty where it has none
   * @param failure why it could not go on, or null; a failed task would be tried again, alone
   */
  record Result(int batches, long updates, double score, float[] updater, RuntimeException failure)
      implements Serializable {}

  private final Broadcast<NetworkState> start;
  private final SharingMesh mesh;
  private final SharingCode code;
  private final TrainingHook step;

  /**
   * @param step what is done around every step
   */
  SharingWorker(
      Broadcast<NetworkState> start, SharingMesh mesh, SharingCode code, TrainingHook step) {
    this.start = start;
    this.mesh = mesh;
    this.code = code;
    this.step = step;
  }

  @Override
  public Iterator<Result> call(Iterator<MultiDataSet> batches) {
    TaskContext task = TaskContext.get();
    if (task.attemptNumber() + task.stageAttemptNumber() > 0) {
      // The others have learned from the lost worker's updates, and go on without it.
      throw new IllegalStateException("A worker that shared gradients was lost");
    }
    try {
      return List.of(learn(batches, task)).iterator();
    } catch (TaskKilledException e) {
      throw e;
    } catch (RuntimeException e) {
      return List.of(new Result(0, 0, Double.NaN, new float[0], e)).iterator();
    } finally {
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }
  }

  private Result learn(Iterator<MultiDataSet> batches, TaskContext task) {
    NativeBackend.configure();
    NativeBackend.useOneThread();
    ComputationGraph network = start.value().open();
    SharingNode node = SharingNode.join(mesh, network, code);
    int learned = 0;
    while (batches.hasNext()) {
      if (task.isInterrupted()) {
        throw new TaskKilledException();
      }
      MultiDataSet batch = batches.next();
      step.preUpdate(batch, network);
      network.fit(batch);
      step.postUpdate(batch, network);
      learned++;
    }
    return new Result(
        learned,
        node.finish(),
        learned == 0 ? Double.NaN : network.score(),
        NetworkState.updater(network),
        null);
  }
}
