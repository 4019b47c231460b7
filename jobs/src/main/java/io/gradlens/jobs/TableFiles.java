package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The files of a table of numbers: Parquet, or CSV with a header. */
final class TableFiles {

  private final String location;
  private final List<String> files;
  private final boolean isCsv;
  private final long ignored;
  private List<ParquetFooter> footers;

  private TableFiles(String location, List<String> files, boolean isCsv, long ignored) {
    this.location = location;
    this.files = files;
    this.isCsv = isCsv;
    this.ignored = ignored;
  }

  /**
   * @param what the table has, as "Trajectories", for messages
   * @param location a folder, a file or a glob; CSV files end in .csv or .csv.gz
   * @throws UserInputException if there is no such file, or there are both kinds
   */
  static TableFiles of(String what, String location, Configuration hadoop) {
    FileMatches matches = FileMatches.of(what, location, hadoop);
    Set<String> csv = new TreeSet<>();
    Set<String> parquet = new TreeSet<>();
    long ignored = 0;
    for (String file : matches.named()) {
      (isCsv(file) ? csv : parquet).add(file);
    }
    for (String file : matches.found()) {
      boolean isParquet = FileMatches.extension(file).equals("parquet");
      if (!isParquet && !isCsv(file)) {
        ignored += matches.isHidden(file) ? 0 : 1;
      } else if (!matches.isHidden(file)) {
        (isParquet ? parquet : csv).add(file);
      }
    }
    if (csv.isEmpty() == parquet.isEmpty()) {
      throw new UserInputException(
          csv.isEmpty()
              ? "%s %s: there is no file that ends in .parquet or .csv.".formatted(what, location)
              : "%s %s: there are %d CSV and %d Parquet files; name one kind, as in '*.csv'."
                  .formatted(what, location, csv.size(), parquet.size()));
    }
    return new TableFiles(
        location, List.copyOf(csv.isEmpty() ? parquet : csv), !csv.isEmpty(), ignored);
  }

  private static boolean isCsv(String file) {
    return file.endsWith(".csv") || file.endsWith(".csv.gz");
  }

  /** As the user gave it. */
  String location() {
    return location;
  }

  /** Files in the folder that are neither, hidden ones aside. */
  long ignored() {
    return ignored;
  }

  boolean isCsv() {
    return isCsv;
  }

  /**
   * All of it.
   *
   * @throws UserInputException if a file is not what its name says, or CSV files have different
   *     columns
   */
  Dataset<Row> read(SparkSession spark) {
    if (isCsv) {
      return new CsvFiles(location, files).read(spark);
    }
    footers(spark);
    try {
      return spark.read().parquet(files.toArray(String[]::new));
    } catch (Exception e) {
      // Spark's checked exceptions come without being declared.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new UserInputException(
          "Table %s cannot be read: %s.".formatted(location, cause.getMessage()),
          "Table %s cannot be read.".formatted(location),
          e);
    }
  }

  /**
   * The first rows of Parquet files.
   *
   * @param all what {@link #read} gave
   * @param limit how many rows are taken at most
   */
  Dataset<Row> first(Dataset<Row> all, long limit) {
    SparkSession spark = all.sparkSession();
    if (footers(spark).stream().mapToLong(ParquetFooter::rows).sum() <= limit) {
      return all;
    }
    return ParquetPart.cut(footers(spark), limit, limit).stream()
        .map(part -> part.rows(spark))
        .reduce(Dataset::union)
        .orElse(all);
  }

  /**
   * What Parquet files have, in the order of their names; read once.
   *
   * @throws UserInputException if one is cut off, empty or no Parquet file
   */
  List<ParquetFooter> footers(SparkSession spark) {
    if (footers == null) {
      footers = ParquetFooter.all(spark, location, files);
    }
    return footers;
  }
}
