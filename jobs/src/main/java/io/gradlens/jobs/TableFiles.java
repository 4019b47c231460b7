package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.trajectory.TrajectoryTable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files of a table of numbers: Parquet, or CSV with a header.
 *
 * @param location as the user gave it
 * @param files their URIs, sorted
 * @param isCsv whether they are CSV
 * @param ignored files in the folder that are neither, hidden ones aside
 */
record TableFiles(String location, List<String> files, boolean isCsv, long ignored) {

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

  /**
   * @throws UserInputException if a file is not what its name says
   */
  Dataset<Row> read(SparkSession spark) {
    String[] paths = files.toArray(String[]::new);
    try {
      return isCsv ? csv(spark, paths) : spark.read().parquet(paths);
    } catch (Exception e) {
      // Spark's checked exceptions come without being declared.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new UserInputException(
          "Table %s cannot be read: %s.".formatted(location, cause.getMessage()), e);
    }
  }

  private static Dataset<Row> csv(SparkSession spark, String[] paths) {
    return spark
        .read()
        .option("header", true)
        .option("enforceSchema", false)
        .option("ignoreLeadingWhiteSpace", true)
        .option("ignoreTrailingWhiteSpace", true)
        .option("columnNameOfCorruptRecord", TrajectoryTable.NOT_A_NUMBER)
        .schema(schema(spark.read().option("header", true).csv(paths[0]).columns()))
        .csv(paths);
  }

  /** Times and states are numbers, all else is text. */
  private static StructType schema(String[] header) {
    StructType schema = new StructType();
    for (String column : header) {
      boolean isNumber = column.equals(TrajectorySchemas.T) || column.matches("y\\d+");
      schema = schema.add(column, isNumber ? DataTypes.DoubleType : DataTypes.StringType);
    }
    return schema.add(TrajectoryTable.NOT_A_NUMBER, DataTypes.StringType);
  }
}
