package io.gradlens.odeblock;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes an {@link OdeBlock}. Its solves run on memory of their own, outside of DL4J's
 * workspaces, that is kept from batch to batch.
 */
final class OdeBlockLayer extends MapComputation<OdeBlock> {
  private BlockSolver solver;
  private INDArray cotangent;

  OdeBlockLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** What the last pass took. */
  OdeCost cost() {
    return solver == null ? new OdeCost(0, 0, 0, 0, 0) : solver.cost();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    INDArray x = maps(training, ArrayType.FF_WORKING_MEM, workspaceMgr);
    INDArray y = workspaceMgr.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      prepare(new BatchShape(x.size(0), x.size(2), x.size(3), x.size(1), dataType));
      solver.state().assign(channelsLast(x));
      solver.weights(paramTable());
      solver.forward(training);
      y.assign(channelsFirst(solver.state()));
    }
    return y;
  }

  private void prepare(BatchShape shape) {
    if (solver != null && solver.shape().equals(shape)) {
      return;
    }
    if (solver != null) {
      solver.close();
      cotangent.close();
    }
    OdeBlock block = layerConf();
    solver = new BlockSolver(block.method(), shape, block.adjoint(), block.memoryBytes());
    cotangent = shape.batch();
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(true);
    INDArray g =
        workspaceMgr.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      cotangent.assign(channelsLast(epsilon));
      solver.backward(cotangent);
      solver.gradients(gradientViews);
      g.assign(channelsFirst(cotangent));
    }
    return new Pair<>(gradients(), backpropDropOutIfPresent(g));
  }

  private static INDArray channelsLast(INDArray maps) {
    return maps.permute(0, 2, 3, 1);
  }

  private static INDArray channelsFirst(INDArray maps) {
    return maps.permute(0, 3, 1, 2);
  }
}
