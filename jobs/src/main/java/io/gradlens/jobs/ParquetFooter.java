package io.gradlens.jobs;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;

/**
 * What the end of a Parquet file says.
 *
 * @param groups row groups, which Spark's readers cannot cut any further
 */
record ParquetFooter(String file, long rows, int groups) implements Serializable {

  /**
   * Reads those of all files.
   *
   * @param location where they are, for the message
   * @return in the order of the files
   * @throws UserInputException if a file is cut off, empty or no Parquet file
   */
  static List<ParquetFooter> all(SparkSession spark, String location, List<String> files) {
    FileLook<ParquetFooter> look = ParquetFooter::of;
    return look.intoAll(spark, location, files);
  }

  private static ParquetFooter of(Path file, Configuration hadoop) throws IOException {
    // With the configuration's keys, where the end of the file is encrypted.
    var options = HadoopReadOptions.builder(hadoop, file).build();
    try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop), options)) {
      return new ParquetFooter(
          file.toString(), reader.getRecordCount(), reader.getRowGroups().size());
    }
  }
}
