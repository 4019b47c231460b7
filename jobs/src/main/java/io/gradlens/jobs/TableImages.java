package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.gradlens.UserInputException;
import io.gradlens.udf.Schemas;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Pictures in a Parquet table. */
record TableImages(List<Shard> shards) implements ImageSource {

  /**
   * Whether a table says what its pictures show.
   *
   * @throws UserInputException if one of its files cannot be read
   */
  static boolean hasLabels(SparkSession spark, FileListing listing) {
    ParquetFooter.all(spark, listing.root(), listing.tables());
    return Arrays.asList(table(spark, listing.tables()).columns()).contains(Schemas.LABEL);
  }

  /**
   * @throws UserInputException if the table has no path and content, no rows, or a path twice
   */
  static TableImages of(
      SparkSession spark, FileListing listing, Labels labels, long limit, Portions portions) {
    Dataset<Row> table = table(spark, listing.tables());
    List<String> columns = Arrays.asList(table.columns());
    if (!columns.contains(Schemas.PATH) || !columns.contains(Schemas.CONTENT)) {
      throw new UserInputException(
          "Table %s needs the columns path and content; it has: %s."
              .formatted(listing.root(), String.join(", ", columns)));
    }
    List<ParquetFooter> files = ParquetFooter.all(spark, listing.root(), listing.tables());
    List<ParquetPart> parts = ParquetPart.cut(files, limit, portions.shard());
    if (parts.isEmpty()) {
      throw new UserInputException(
          "No images found in %s: the table has no rows.".formatted(listing.root()));
    }
    checkPaths(table, listing.root());
    return new TableImages(
        parts.stream().<Shard>map(part -> new Part(part, labels, portions)).toList());
  }

  private static Dataset<Row> table(SparkSession spark, List<String> files) {
    return spark.read().parquet(files.toArray(String[]::new));
  }

  private static void checkPaths(Dataset<Row> table, String root) {
    List<Row> wrong =
        table
            .groupBy(Schemas.PATH)
            .count()
            .where(col("count").gt(1).or(col(Schemas.PATH).isNull()))
            .limit(1)
            .collectAsList();
    if (!wrong.isEmpty()) {
      long times = wrong.get(0).getLong(1);
      throw new UserInputException(
          "Table %s has the path '%s' %d times; every row needs one of its own."
              .formatted(root, wrong.get(0).get(0), times),
          "Table %s has a path %d times, or none; every row needs one of its own."
              .formatted(root, times),
          null);
    }
  }

  @Override
  public long ignored() {
    return 0;
  }

  private record Part(ParquetPart part, Labels labels, Portions portions) implements Shard {

    @Override
    public long size() {
      return part.size();
    }

    @Override
    public Dataset<Row> images(SparkSession spark) {
      int cores = spark.sparkContext().defaultParallelism();
      return TableImages.images(part.rows(spark), portions.tasks((int) part.size(), cores), labels);
    }
  }

  private static Dataset<Row> images(Dataset<Row> table, int tasks, Labels labels) {
    boolean labelled = Arrays.asList(table.columns()).contains(Schemas.LABEL);
    Column path = col(Schemas.PATH).cast("string");
    Column label = (labelled ? col(Schemas.LABEL) : lit(null)).cast("string");
    UDF2<String, String, String> of = labels::of;
    return table
        .select(
            path.as(Schemas.PATH),
            col(Schemas.CONTENT).cast("binary").as(Schemas.CONTENT),
            functions.udf(of, DataTypes.StringType).apply(path, label).as(Schemas.LABEL))
        .repartition(tasks, col(Schemas.PATH));
  }
}
