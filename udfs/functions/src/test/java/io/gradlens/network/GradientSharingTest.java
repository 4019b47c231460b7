package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.model.NativeBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Workers that share gradients, as tasks of one process; processes of their own are elsewhere. */
@Timeout(120)
class GradientSharingTest {
  private static final int BATCH = 16;
  private static final int INPUTS = 10;

  private JavaSparkContext spark;

  @BeforeEach
  void start() {
    NativeBackend.configure();
    Recorder.STEPS.set(0);
    Recorder.WEIGHTS.clear();
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("sharing")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(1e-2))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(INPUTS))
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nOut(64).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                    "dense")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  /** Two classes: the first number is above zero, or not. */
  private static MultiDataSet batch(int seed) {
    Random random = new Random(seed);
    float[][] inputs = new float[BATCH][INPUTS];
    float[][] classes = new float[BATCH][2];
    for (int i = 0; i < BATCH; i++) {
      for (int j = 0; j < INPUTS; j++) {
        inputs[i][j] = (float) random.nextGaussian();
      }
      classes[i][inputs[i][0] > 0 ? 0 : 1] = 1;
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        Nd4j.createFromArray(inputs), Nd4j.createFromArray(classes));
  }

  private JavaRDD<MultiDataSet> batches(int count, int workers) {
    List<Integer> seeds = IntStream.range(0, count).boxed().toList();
    return spark.parallelize(seeds, workers).map(GradientSharingTest::batch);
  }

  private void train(ComputationGraph network, int batches, int workers, TrainingHook hook) {
    var master = new GradientSharing(workers, BATCH, hook);
    new SparkComputationGraph(spark, network, master).fitMultiDataSet(batches(batches, workers));
  }

  private static double loss(ComputationGraph network) {
    return network.score(batch(1000));
  }

  @Test
  void driverAndWorkersEndWithTheSameWeights() {
    ComputationGraph network = network();
    INDArray first = network.params().dup();
    double before = loss(network);

    train(network, 120, 2, new Recorder());

    assertThat(loss(network)).isLessThan(0.3 * before);
    assertThat(Recorder.STEPS).hasValue(120);
    double way = network.params().distance2(first);
    assertThat(Recorder.WEIGHTS).hasSize(2);
    for (float[] weights : Recorder.WEIGHTS.values()) {
      INDArray worker = Nd4j.createFromArray(weights).reshape(first.shape());
      // Short of what the other learned in its last steps; without the other's it would be half.
      assertThat(worker.distance2(network.params())).isLessThan(0.2 * way);
    }

    train(network, 120, 2, new Recorder());

    assertThat(loss(network)).as("after the next job").isLessThan(0.3 * before);
    assertThat(network.getConfiguration().getIterationCount()).isEqualTo(120);
  }

  @Test
  void nothingIsLostBetweenOneWorkerAndTheDriver() {
    ComputationGraph network = network();

    train(network, 50, 1, new Recorder());

    INDArray worker =
        Nd4j.createFromArray(Recorder.WEIGHTS.get(0)).reshape(network.params().shape());
    assertThat(worker.distance2(network.params())).isLessThan(1e-5);
  }

  @Test
  void jobEndsAndWeightsAreAsBeforeIfAWorkerFails() {
    ComputationGraph network = network();
    INDArray first = network.params().dup();

    assertThatThrownBy(() -> train(network, 40, 2, new Stumbler()))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("third step");

    assertThat(network.params()).isEqualTo(first);
  }

  @Test
  void threadsEndWithTheJob() {
    train(network(), 8, 2, new Recorder());

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("gradient sharing") || name.contains("aeron"));
  }

  @Test
  void moreWorkersThanTaskSlotsAreRefused() {
    assertThatThrownBy(() -> train(network(), 12, 3, new Recorder()))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Spark has 2 task slots; give --workers 2");
  }

  @Test
  void driverThatDoesNotAnswerIsNamed() {
    SharingMesh nobody = new SharingMesh("127.0.0.1", SharingMesh.freePort("127.0.0.1"), 7, 1);

    assertThatThrownBy(() -> SharingNode.join(nobody, network(), new SharingCode(null, null)))
        .isInstanceOf(NetworkFailedException.class)
        .hasMessageContaining(
            "by the worker at 127.0.0.1: the driver at 127.0.0.1 does not answer");
    SharingNode.closeOthers(null);
  }

  private static class Recorder implements TrainingHook {
    static final AtomicInteger STEPS = new AtomicInteger();
    static final Map<Integer, float[]> WEIGHTS = new ConcurrentHashMap<>();

    @Override
    public void preUpdate(DataSet batch, Model model) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void postUpdate(DataSet batch, Model model) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void preUpdate(MultiDataSet batch, Model model) {
      // As long as a step of a network worth spreading takes; messages take a few milliseconds.
      Patience.waitFor(() -> false, Duration.ofMillis(20));
    }

    @Override
    public void postUpdate(MultiDataSet batch, Model model) {
      STEPS.incrementAndGet();
      WEIGHTS.put(TaskContext.getPartitionId(), model.params().dup().data().asFloat());
    }
  }

  private static final class Stumbler extends Recorder {
    @Override
    public void preUpdate(MultiDataSet batch, Model model) {
      if (STEPS.get() > 2 && TaskContext.getPartitionId() == 1) {
        throw new ArithmeticException("in the third step");
      }
    }
  }
}
