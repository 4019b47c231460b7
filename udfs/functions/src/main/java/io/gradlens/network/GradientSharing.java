package io.gradlens.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;

/**
 * DL4J's master for workers that send each other their gradients' large entries, over UDP by Aeron.
 * Source: Strom, Scalable distributed DNN training using commodity GPU cloud computing, 2015.
 */
final class GradientSharing {

  /** Aeron gives up a message that its reader has not taken; DL4J's readers may be busy. */
  private static final String UNBLOCK_TIMEOUT = "aeron.publication.unblock.timeout";

  private static final double FIRST_THRESHOLD = 1e-3;

  private GradientSharing() {}

  static SharedTrainingMaster master(JavaSparkContext context, NetworkPlan plan) {
    if (System.getProperty(UNBLOCK_TIMEOUT) == null) {
      System.setProperty(UNBLOCK_TIMEOUT, "60s");
    }
    try {
      InetAddress driver = InetAddress.getByName(context.getConf().get("spark.driver.host"));
      VoidConfiguration network =
          VoidConfiguration.builder()
              .unicastPort(freePort())
              .controllerAddress(driver.getHostAddress())
              .networkMask(context.isLocal() ? driver.getHostAddress() + "/32" : mask(driver))
              .meshBuildMode(MeshBuildMode.PLAIN)
              .build();
      return new SharedTrainingMaster.Builder(
              network,
              plan.workers(),
              new AdaptiveThresholdAlgorithm(FIRST_THRESHOLD),
              plan.batchSize())
          .batchSizePerWorker(plan.batchSize())
          .workersPerNode(
              context.isLocal()
                  ? plan.workers()
                  : context.getConf().getInt("spark.executor.cores", 1))
          .repartitionData(Repartition.Never)
          .rddTrainingApproach(RDDTrainingApproach.Direct)
          .storageLevel(null)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find the driver's address for gradient sharing", e);
    }
  }

  /** Executors are looked for in the driver's own network of 65,536 addresses. */
  private static String mask(InetAddress driver) {
    byte[] address = driver.getAddress();
    return "%d.%d.0.0/16".formatted(address[0] & 0xff, address[1] & 0xff);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
