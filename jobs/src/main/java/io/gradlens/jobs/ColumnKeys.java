package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.udf.Schemas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.keytools.PropertiesDrivenCryptoFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet's column encryption, as {@code spark.hadoop.parquet.encryption.column.keys} asks for it:
 * {@code key:column,column;key:column}. Parquet refuses to write a file that lacks one of the
 * columns; a run has several tables, so each is told of its own.
 */
final class ColumnKeys {

  private static final String KEYS = PropertiesDrivenCryptoFactory.COLUMN_KEYS_PROPERTY_NAME;
  private static final String FOOTER = PropertiesDrivenCryptoFactory.FOOTER_KEY_PROPERTY_NAME;

  /** Whose columns may be listed. */
  private static final List<StructType> TABLES =
      List.of(
          Schemas.EXPLANATIONS,
          Schemas.FAILURES,
          Schemas.IMAGES,
          TrajectorySchemas.GRADIENTS,
          TrajectorySchemas.SOLUTIONS);

  private ColumnKeys() {}

  /**
   * What Parquet's writer of a table is to be told beside the session's settings. A table with none
   * of the columns is not encrypted.
   *
   * @throws UserInputException if a column is listed that no table has, and would stay as it is
   */
  static Map<String, String> of(SparkSession spark, StructType table) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    String asked = hadoop.getTrimmed(KEYS, "");
    if (asked.isEmpty()) {
      return Map.of();
    }
    Set<String> known =
        TABLES.stream().flatMap(each -> columns(spark, each)).collect(Collectors.toSet());
    Set<String> own = columns(spark, table).collect(Collectors.toSet());
    List<String> keys = new ArrayList<>();
    for (String entry : asked.split(";")) {
      int colon = entry.indexOf(':');
      List<String> listed =
          Arrays.stream(entry.substring(colon + 1).split(",")).map(String::strip).toList();
      requireKnown(listed, known);
      String mine = listed.stream().filter(own::contains).collect(Collectors.joining(","));
      if (!mine.isEmpty()) {
        keys.add(entry.substring(0, colon + 1).strip() + mine);
      }
    }
    return keys.isEmpty() ? Map.of(KEYS, "", FOOTER, "") : Map.of(KEYS, String.join(";", keys));
  }

  private static void requireKnown(List<String> listed, Set<String> known) {
    for (String column : listed) {
      if (!known.contains(column)) {
        throw new UserInputException(
            "Setting %s lists '%s', which is a column of no table; columns are: %s."
                .formatted(KEYS, column, String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /** As Parquet names them: those of arrays end in {@code .list.element}. */
  private static Stream<String> columns(SparkSession spark, StructType table) {
    return new SparkToParquetSchemaConverter(spark.sessionState().conf())
        .convert(table).getPaths().stream().map(path -> String.join(".", path));
  }
}
