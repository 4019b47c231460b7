package io.gradlens.jobs;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The inputs of a run, cut into bounded shards. */
interface ImageSource {

  /** A part of the inputs that is computed and committed at once. */
  interface Shard {

    /** How many inputs it has. */
    long size();

    /**
     * Rows of {@link io.gradlens.udf.Schemas#IMAGES}, in enough partitions to keep all cores busy.
     */
    Dataset<Row> images(SparkSession spark);
  }

  /** In a fixed order; together they hold every input once. */
  List<Shard> shards();

  /** Files that are no inputs. */
  long ignored();

  /** How many inputs there are. */
  default long size() {
    return shards().stream().mapToLong(Shard::size).sum();
  }
}
