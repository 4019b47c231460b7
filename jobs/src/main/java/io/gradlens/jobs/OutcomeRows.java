package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import io.gradlens.udf.Schemas;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What became of images, one row each: uri, sha256, whether it failed, how many rows it has. The
 * rows of an image follow one another in its task, so that they are counted there and nothing is
 * shuffled.
 */
final class OutcomeRows implements Iterator<Row> {

  private static final StructType SCHEMA =
      new StructType()
          .add(Schemas.IMAGE_URI, DataTypes.StringType)
          .add(Schemas.IMAGE_SHA256, DataTypes.StringType)
          .add("failed", DataTypes.BooleanType)
          .add("rows", DataTypes.LongType);

  private final Iterator<Row> results;
  private Row next;

  private OutcomeRows(Iterator<Row> results) {
    this.results = results;
    next = read();
  }

  /**
   * @param results {@link Schemas#RESULTS}
   */
  static Dataset<Row> of(Dataset<Row> results) {
    MapPartitionsFunction<Row, Row> count = OutcomeRows::new;
    return results
        .select(col(Schemas.IMAGE_URI), col(Schemas.IMAGE_SHA256), col(Schemas.FAILURE).isNotNull())
        .mapPartitions(count, Encoders.row(SCHEMA));
  }

  private Row read() {
    return results.hasNext() ? results.next() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Row next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Row first = next;
    long rows = 0;
    do {
      rows++;
      next = read();
    } while (next != null && isOfSameImage(first, next));
    return RowFactory.create(first.get(0), first.get(1), first.get(2), rows);
  }

  private static boolean isOfSameImage(Row one, Row other) {
    return Objects.equals(one.get(0), other.get(0)) && Objects.equals(one.get(1), other.get(1));
  }
}
