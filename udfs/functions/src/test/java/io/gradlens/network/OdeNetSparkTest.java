package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import io.gradlens.odeblock.OdeBlock;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** An ODE-Net trained by DL4J on Spark, parameters averaged over two workers. */
class OdeNetSparkTest {
  private static final int BATCH = 6;

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            OdeNet.odeNet(
                    new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)),
                    (InputType.InputTypeConvolutional) InputType.convolutional(12, 12, 1),
                    3,
                    new OdeBlock.Builder().solver("midpoint").steps(2))
                .build());
    network.init();
    return network;
  }

  @Test
  void twoWorkersAverageWhatTheyLearn() {
    NativeBackend.configure();
    List<DataSet> batches =
        List.of(OdeNetTest.pictures(1, BATCH, 12), OdeNetTest.pictures(2, BATCH, 12));
    INDArray sum = network().params().mul(0);
    for (DataSet batch : batches) {
      ComputationGraph alone = network();
      alone.fit(batch);
      sum.addi(alone.params());
    }
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("ode-net")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      var master =
          new ParameterAveragingTrainingMaster.Builder(1)
              .batchSizePerWorker(BATCH)
              .averagingFrequency(1)
              .workerPrefetchNumBatches(0)
              .build();
      SparkComputationGraph trained = new SparkComputationGraph(spark, network(), master);
      ComputationGraph result = trained.fit(spark.parallelize(batches, 2));
      INDArray average = sum.div(batches.size());
      assertThat(result.params().distance2(average))
          .isLessThan(1e-5 * average.norm2Number().doubleValue());
      assertThat(result.params().distance2(network().params())).isGreaterThan(1e-2);
    }
  }
}
