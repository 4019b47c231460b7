package io.gradlens.jobs;

import io.gradlens.metrics.WorkMetrics;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark with what Gradlens needs, so that nobody has to type it. */
final class SparkStart {

  /** Beside what Spark itself opens for its executors on JDK 17. */
  private static final String EXECUTOR_JAVA_OPTIONS =
      "--add-modules=jdk.incubator.vector -XX:+IgnoreUnrecognizedVMOptions"
          + " -XX:NewSize=256m -XX:MaxNewSize=256m"
          + " -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=50"
          + " -XX:+UnlockExperimentalVMOptions -XX:G1ExpandByPercentOfAvailable=0"
          + " -Dorg.bytedeco.javacpp.maxbytes=8g -Dorg.bytedeco.javacpp.maxphysicalbytes=0"
          + " -Djava.awt.headless=true";

  private SparkStart() {}

  /**
   * @param master where to run, or null for spark-submit's choice, else {@code local[*]}
   * @param verbose whether Spark's own log may speak
   */
  static SparkSession session(String command, String master, boolean verbose) {
    SparkConf conf = new SparkConf(true).setAppName("gradlens " + command);
    if (master != null) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", "local[*]");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    // A Worker hands a driver of cluster mode the secret so; SparkContext looks in the settings
    // only.
    String secret = System.getenv("_SPARK_AUTH_SECRET");
    if (secret != null) {
      conf.setIfMissing("spark.authenticate.secret", secret);
    }
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    conf.setIfMissing("spark.executorEnv.MALLOC_ARENA_MAX", "2");
    conf.set(
        "spark.executor.extraJavaOptions",
        (EXECUTOR_JAVA_OPTIONS + " " + conf.get("spark.executor.extraJavaOptions", "")).strip());
    // A shard's outcomes are a few thousand small rows.
    conf.setIfMissing("spark.sql.shuffle.partitions", "8");
    // Nor do they need the pages of up to 64 MB that Spark takes for every sort and aggregation.
    conf.setIfMissing("spark.buffer.pageSize", "2m");
    // A broadcast takes at least a block, and these are of a few kB.
    conf.setIfMissing("spark.broadcast.blockSize", "256k");
    // The first executor finds nobody to copy its rows to, and would ask again after a minute only.
    conf.setIfMissing("spark.storage.cachedPeersTtl", "5000");
    // A shard's rows are kept for seconds; what repeats in them Parquet finds again.
    conf.setIfMissing("spark.sql.inMemoryColumnarStorage.compressed", "false");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    String plugins = conf.get("spark.plugins", "");
    conf.set(
        "spark.plugins", (plugins.isEmpty() ? "" : plugins + ",") + WorkMetrics.class.getName());
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    spark.sparkContext().setLogLevel(verbose ? "INFO" : "ERROR");
    return spark;
  }
}
