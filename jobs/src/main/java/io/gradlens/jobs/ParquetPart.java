package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A bounded part of a Parquet table: whole files as far as they go, so that nothing is read twice;
 * a file of more rows than a part is cut by row index, and read once for every cut.
 *
 * @param files whole ones, or the one that is cut
 * @param from the first row of a file that is cut; -1 for whole files
 * @param size how many rows it has
 */
record ParquetPart(List<String> files, long from, long size) {

  private static final String FILE = "_metadata.file_path";
  private static final String ROW_INDEX = "_metadata.row_index";
  private static final long WHOLE = -1;

  /** A file and how many rows it has. */
  private record FileRows(String file, long rows) {}

  /**
   * Cuts a table, in the order of its files' names.
   *
   * @param limit how many rows are taken at most
   * @param size how many rows a part has at most
   */
  static List<ParquetPart> cut(SparkSession spark, List<String> files, long limit, int size) {
    List<ParquetPart> parts = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    long rows = 0;
    long left = limit;
    for (FileRows file : rowsOf(spark, files)) {
      boolean cut = file.rows() > Math.min(left, size);
      if (!whole.isEmpty() && (cut || rows + file.rows() > size)) {
        parts.add(new ParquetPart(List.copyOf(whole), WHOLE, rows));
        whole.clear();
        rows = 0;
      }
      long taken = Math.min(left, file.rows());
      if (cut) {
        for (long from = 0; from < taken; from += size) {
          parts.add(new ParquetPart(List.of(file.file()), from, Math.min(size, taken - from)));
        }
      } else {
        whole.add(file.file());
        rows += taken;
      }
      left -= taken;
    }
    if (!whole.isEmpty()) {
      parts.add(new ParquetPart(List.copyOf(whole), WHOLE, rows));
    }
    return parts;
  }

  /** By file name; the counts come from the files' footers. */
  private static List<FileRows> rowsOf(SparkSession spark, List<String> files) {
    Dataset<Row> table = spark.read().parquet(files.toArray(String[]::new));
    return table.select(col(FILE).as("file")).groupBy("file").count().collectAsList().stream()
        .map(row -> new FileRows(new Path(URI.create(row.getString(0))).toString(), row.getLong(1)))
        .sorted(Comparator.comparing(FileRows::file))
        .toList();
  }

  Dataset<Row> rows(SparkSession spark) {
    Dataset<Row> table = spark.read().parquet(files.toArray(String[]::new));
    return from == WHOLE ? table : table.where(col(ROW_INDEX).between(from, from + size - 1));
  }
}
