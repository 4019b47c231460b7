package io.gradlens.benchmarks;

import io.gradlens.model.NativeBackend;
import io.gradlens.network.OdeNet;
import io.gradlens.odeblock.OdeAdjoint;
import io.gradlens.odeblock.OdeBlock;
import io.gradlens.odeblock.OdeCosts;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Prints what a training step of the ODE-Net takes of one processor, and of the networks that it is
 * measured against: 28x28 grey pictures, 10 classes, Adam. Run it with {@code OMP_NUM_THREADS=1};
 * argument: the batch, 128 if not given.
 */
public final class OdeNetSteps {
  private static final InputType.InputTypeConvolutional INPUT =
      (InputType.InputTypeConvolutional) InputType.convolutional(28, 28, 1);
  private static final int CLASSES = 10;
  private static final double SECONDS = 30;

  private OdeNetSteps() {}

  /** Runs the networks one after the other. */
  public static void main(String[] args) {
    NativeBackend.configure();
    int batch = args.length == 0 ? 128 : Integer.parseInt(args[0]);
    print("nothing in the middle", OdeNet.withoutBlock(settings(), INPUT, CLASSES), batch);
    print("six residual blocks", OdeNet.residualNet(settings(), INPUT, CLASSES), batch);
    OdeBlock.Builder adaptive = new OdeBlock.Builder().tolerances(1e-3, 1e-3);
    print("ODE, all kept", ode(adaptive), batch);
    print("ODE, 1 MB kept", ode(adaptive.memoryBytes(1 << 20)), batch);
    print("ODE, backsolve", ode(adaptive.adjoint(OdeAdjoint.BACKSOLVE)), batch);
    print("ODE, one Euler step", ode(new OdeBlock.Builder().solver("euler").steps(1)), batch);
  }

  private static NeuralNetConfiguration.Builder settings() {
    return new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3));
  }

  private static GraphBuilder ode(OdeBlock.Builder block) {
    return OdeNet.odeNet(settings(), INPUT, CLASSES, block);
  }

  private static void print(String name, GraphBuilder graph, int batch) {
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    Nd4j.getRandom().setSeed(1);
    INDArray images = Nd4j.rand(DataType.FLOAT, batch, 1, 28, 28);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, CLASSES);
    for (int i = 0; i < batch; i++) {
      labels.putScalar(i, i % CLASSES, 1);
    }
    DataSet pictures = new DataSet(images, labels);
    double seconds = CpuTime.median(() -> network.fit(pictures), SECONDS);
    System.out.printf("%-22s %6.0f CPU ms a step, %s%n", name, 1e3 * seconds, OdeCosts.of(network));
  }
}
