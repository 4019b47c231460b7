package io.gradlens.jobs;

import io.gradlens.metrics.ImageCount;
import io.gradlens.udf.ImageBytes;
import io.gradlens.udf.ImageFailure;
import io.gradlens.udf.Naming;
import io.gradlens.udf.Schemas;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;

/** Reads image files in tasks, and keeps account of them on the driver. */
final class FileReading implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A file that could not be read.
   *
   * @param uri where it lies, or a digest of that
   */
  record Failed(String uri, String errorClass, String message) implements Serializable {}

  private final ImageBytes bytes;
  private final Naming naming;
  private final ImageCount done;
  private final CollectionAccumulator<Failed> failures;

  FileReading(SparkSession spark, Naming naming) {
    bytes = ImageBytes.in(spark);
    this.naming = naming;
    done = new ImageCount(spark.sparkContext());
    failures = spark.sparkContext().collectionAccumulator("failures");
  }

  /** Files that were read or could not be, those of tasks that failed included. */
  long done() {
    return done.value();
  }

  /** Takes out what failed since it was last asked, each file once, in order. */
  Map<String, Failed> takeFailures() {
    Map<String, Failed> byUri = new TreeMap<>();
    failures.value().forEach(each -> byUri.put(each.uri(), each));
    failures.reset();
    return byUri;
  }

  /**
   * Rows with their contents, in the partitions that they lie in.
   *
   * @param files rows of {@link Schemas#IMAGES} without content
   */
  Dataset<Row> read(Dataset<Row> files) {
    return files.mapPartitions(
        (MapPartitionsFunction<Row, Row>) this::contents, Encoders.row(Schemas.IMAGES));
  }

  private Iterator<Row> contents(Iterator<Row> files) {
    Iterable<Row> all = () -> files;
    return StreamSupport.stream(all.spliterator(), false)
        .map(this::content)
        .filter(Objects::nonNull)
        .iterator();
  }

  private Row content(Row file) {
    String path = file.getAs(Schemas.PATH);
    String uri = naming.uri(path);
    try {
      Row read = RowFactory.create(uri, bytes.of(file), file.getAs(Schemas.LABEL));
      done.succeeded();
      return read;
    } catch (ImageFailure e) {
      done.failed();
      failures.add(new Failed(uri, e.errorClass(), naming.reason(e)));
      return null;
    }
  }
}
