package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.trajectory.TrajectoryTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * CSV files with a header each: columns go by name, so that files may have them in any order.
 *
 * @param location as the user gave it, for messages
 * @param files their URIs
 */
record CsvFiles(String location, List<String> files) {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** So many files are named where their columns differ. */
  private static final int SHOWN = 3;

  /**
   * One table of all; ids, times and states have to be in every file, or in none.
   *
   * @throws UserInputException if a file cannot be read, or they have different columns
   */
  Dataset<Row> read(SparkSession spark) {
    Map<List<String>, List<String>> byHeader = byHeader(spark);
    requireSameColumns(byHeader);
    List<Dataset<Row>> tables = new ArrayList<>();
    byHeader.forEach((header, some) -> tables.add(read(spark, header, some)));
    return tables.size() == 1
        ? tables.get(0)
        : tables.stream()
            .map(CsvFiles::withFiles)
            .reduce((a, b) -> a.unionByName(b, true))
            .orElseThrow();
  }

  /** The files by their header; those without one have no rows either. */
  private Map<List<String>, List<String>> byHeader(SparkSession spark) {
    FileLook<String> look = CsvFiles::header;
    List<String> headers = look.intoAll(spark, location, files);
    Map<String, List<String>> byLine = new LinkedHashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      if (!headers.get(i).isEmpty()) {
        byLine.computeIfAbsent(headers.get(i), line -> new ArrayList<>()).add(files.get(i));
      }
    }
    if (byLine.isEmpty()) {
      return Map.of(List.of(), files);
    }
    Map<List<String>, List<String>> byHeader = new LinkedHashMap<>();
    byLine.forEach(
        (line, some) ->
            byHeader
                .computeIfAbsent(
                    List.of(
                        reader(spark)
                            .csv(spark.createDataset(List.of(line), Encoders.STRING()))
                            .columns()),
                    header -> new ArrayList<>())
                .addAll(some));
    return byHeader;
  }

  /** The first line that is not blank, or nothing. */
  private static String header(Path file, Configuration hadoop) throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
    try (InputStream raw = file.getFileSystem(hadoop).open(file);
        InputStream plain = codec == null ? raw : codec.createInputStream(raw);
        var lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      if (line != null && line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(BYTE_ORDER_MARK.length());
      }
      while (line != null && line.isBlank()) {
        line = lines.readLine();
      }
      return line == null ? "" : line;
    }
  }

  private void requireSameColumns(Map<List<String>, List<String>> byHeader) {
    Map<Set<String>, String> different = new LinkedHashMap<>();
    byHeader.forEach(
        (header, some) ->
            different.putIfAbsent(
                known(header), some.get(0) + " has " + String.join(", ", header)));
    if (different.size() > 1) {
      String mistake = "Table %s has CSV files with different columns".formatted(location);
      String remedy = "Give all the same; their order does not matter.";
      throw new UserInputException(
          "%s: %s. %s"
              .formatted(
                  mistake,
                  different.values().stream().limit(SHOWN).collect(Collectors.joining("; ")),
                  remedy),
          "%s. %s".formatted(mistake, remedy),
          null);
    }
  }

  /** The columns that something is read from. */
  private static Set<String> known(List<String> header) {
    return header.stream()
        .filter(column -> column.equals(TrajectorySchemas.TRAJECTORY_ID) || isNumber(column))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isNumber(String column) {
    return column.equals(TrajectorySchemas.T) || column.matches("y\\d+");
  }

  private static DataFrameReader reader(SparkSession spark) {
    return spark
        .read()
        .option("header", true)
        .option("enforceSchema", false)
        .option("ignoreLeadingWhiteSpace", true)
        .option("ignoreTrailingWhiteSpace", true);
  }

  private static Dataset<Row> read(SparkSession spark, List<String> header, List<String> files) {
    StructType schema = new StructType();
    for (String column : header) {
      // Times and states are numbers, all else is text.
      schema = schema.add(column, isNumber(column) ? DataTypes.DoubleType : DataTypes.StringType);
    }
    return reader(spark)
        .option("columnNameOfCorruptRecord", TrajectoryTable.NOT_A_NUMBER)
        .schema(schema.add(TrajectoryTable.NOT_A_NUMBER, DataTypes.StringType))
        .csv(files.toArray(String[]::new));
  }

  /** With the hidden column that says where a row stood, which a union would lose. */
  private static Dataset<Row> withFiles(Dataset<Row> table) {
    return table.select(col("*"), col(TrajectoryTable.METADATA).as(TrajectoryTable.METADATA));
  }
}
