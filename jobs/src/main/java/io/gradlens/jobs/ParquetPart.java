package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
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
 * @param groups how many row groups its files have
 */
record ParquetPart(List<String> files, long from, long size, int groups) {

  private static final String ROW_INDEX = "_metadata.row_index";
  private static final long WHOLE = -1;

  /**
   * Cuts a table, in the order of its files.
   *
   * @param limit how many rows are taken at most
   * @param size how many rows a part has at most
   */
  static List<ParquetPart> cut(List<ParquetFooter> files, long limit, long size) {
    List<ParquetPart> parts = new ArrayList<>();
    List<ParquetFooter> whole = new ArrayList<>();
    long rows = 0;
    long left = limit;
    for (ParquetFooter file : files) {
      boolean cut = file.rows() > Math.min(left, size);
      if (!whole.isEmpty() && (cut || rows + file.rows() > size)) {
        parts.add(whole(whole, rows));
        whole.clear();
        rows = 0;
      }
      long taken = Math.min(left, file.rows());
      if (cut) {
        for (long from = 0; from < taken; from += size) {
          long count = Math.min(size, taken - from);
          parts.add(new ParquetPart(List.of(file.file()), from, count, file.groups()));
        }
      } else if (taken > 0) {
        whole.add(file);
        rows += taken;
      }
      left -= taken;
    }
    if (!whole.isEmpty()) {
      parts.add(whole(whole, rows));
    }
    return parts;
  }

  private static ParquetPart whole(List<ParquetFooter> files, long rows) {
    return new ParquetPart(
        files.stream().map(ParquetFooter::file).toList(),
        WHOLE,
        rows,
        files.stream().mapToInt(ParquetFooter::groups).sum());
  }

  Dataset<Row> rows(SparkSession spark) {
    Dataset<Row> table = spark.read().parquet(files.toArray(String[]::new));
    return from == WHOLE ? table : table.where(col(ROW_INDEX).between(from, from + size - 1));
  }
}
