package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.gradlens.UserInputException;
import io.gradlens.udf.Schemas;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Pictures in a Parquet table. Shards are whole files as far as they go, so that nothing is read
 * twice; a file of more rows than a shard is cut by row index, and read once for every cut.
 */
record TableImages(List<Shard> shards) implements ImageSource {

  private static final String FILE = "_metadata.file_path";
  private static final int IMAGES_A_TASK = 128;
  private static final String ROW_INDEX = "_metadata.row_index";

  /** A file and how many rows it has. */
  private record FileRows(String file, long rows) {}

  static boolean hasLabels(SparkSession spark, FileListing listing) {
    return Arrays.asList(table(spark, listing.tables()).columns()).contains(Schemas.LABEL);
  }

  /**
   * @throws UserInputException if the table has no path and content, no rows, or a path twice
   */
  static TableImages of(
      SparkSession spark, FileListing listing, Labels labels, long limit, int shardSize) {
    Dataset<Row> table = table(spark, listing.tables());
    List<String> columns = Arrays.asList(table.columns());
    if (!columns.contains(Schemas.PATH) || !columns.contains(Schemas.CONTENT)) {
      throw new UserInputException(
          "Table %s needs the columns path and content; it has: %s."
              .formatted(listing.root(), String.join(", ", columns)));
    }
    List<FileRows> files = rowsOfFiles(table);
    if (files.isEmpty()) {
      throw new UserInputException(
          "No images found in %s: the table has no rows.".formatted(listing.root()));
    }
    checkPaths(table, listing.root());
    return new TableImages(cut(files, labels, limit, shardSize));
  }

  private static Dataset<Row> table(SparkSession spark, List<String> files) {
    return spark.read().parquet(files.toArray(String[]::new));
  }

  /** By file name; the counts come from the files' footers. */
  private static List<FileRows> rowsOfFiles(Dataset<Row> table) {
    return table.select(col(FILE).as("file")).groupBy("file").count().collectAsList().stream()
        .map(row -> new FileRows(new Path(URI.create(row.getString(0))).toString(), row.getLong(1)))
        .sorted(Comparator.comparing(FileRows::file))
        .toList();
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
      throw new UserInputException(
          "Table %s has the path '%s' %d times; every row needs one of its own."
              .formatted(root, wrong.get(0).get(0), wrong.get(0).getLong(1)));
    }
  }

  private static List<Shard> cut(List<FileRows> files, Labels labels, long limit, int shardSize) {
    List<Shard> shards = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    long rows = 0;
    long left = limit;
    for (FileRows file : files) {
      boolean cut = file.rows() > Math.min(left, shardSize);
      if (!whole.isEmpty() && (cut || rows + file.rows() > shardSize)) {
        shards.add(new WholeFiles(List.copyOf(whole), rows, labels));
        whole.clear();
        rows = 0;
      }
      long taken = Math.min(left, file.rows());
      if (cut) {
        for (long from = 0; from < taken; from += shardSize) {
          long size = Math.min(shardSize, taken - from);
          shards.add(new PartOfFile(file.file(), from, size, labels));
        }
      } else {
        whole.add(file.file());
        rows += taken;
      }
      left -= taken;
    }
    if (!whole.isEmpty()) {
      shards.add(new WholeFiles(List.copyOf(whole), rows, labels));
    }
    return shards;
  }

  @Override
  public long ignored() {
    return 0;
  }

  private record WholeFiles(List<String> files, long size, Labels labels) implements Shard {
    @Override
    public Dataset<Row> images(SparkSession spark) {
      return TableImages.images(table(spark, files), size, labels);
    }
  }

  private record PartOfFile(String file, long from, long size, Labels labels) implements Shard {
    @Override
    public Dataset<Row> images(SparkSession spark) {
      Dataset<Row> table = table(spark, List.of(file));
      return TableImages.images(
          table.where(col(ROW_INDEX).between(from, from + size - 1)), size, labels);
    }
  }

  private static Dataset<Row> images(Dataset<Row> table, long size, Labels labels) {
    boolean labelled = Arrays.asList(table.columns()).contains(Schemas.LABEL);
    Column path = col(Schemas.PATH).cast("string");
    Column label = (labelled ? col(Schemas.LABEL) : lit(null)).cast("string");
    UDF2<String, String, String> of = labels::of;
    int cores = table.sparkSession().sparkContext().defaultParallelism();
    long tasks = Math.max(size / IMAGES_A_TASK, Math.min(cores, size));
    return table
        .select(
            path.as(Schemas.PATH),
            col(Schemas.CONTENT).cast("binary").as(Schemas.CONTENT),
            functions.udf(of, DataTypes.StringType).apply(path, label).as(Schemas.LABEL))
        .repartition((int) tasks, col(Schemas.PATH));
  }
}
