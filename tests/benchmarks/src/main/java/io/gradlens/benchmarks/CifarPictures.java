package io.gradlens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Many small pictures: the 14,000 JPEGs of CIFAR-10 in the folder that GRADLENS_REAL_DATA names,
 * over and over, each as a file of its own.
 */
final class CifarPictures {

  private CifarPictures() {}

  /** A folder of so many files, written where it is not there yet. */
  static Path folder(Path parent, int count) throws IOException {
    Path folder = parent.resolve("cifar-pictures-" + count);
    if (Files.exists(folder)) {
      return folder;
    }
    List<byte[]> pictures = pictures();
    Path begun = Files.createDirectories(parent.resolve("cifar-pictures.begun"));
    for (int i = 0; i < count; i++) {
      Files.write(
          begun.resolve("picture-%06d.jpg".formatted(i)), pictures.get(i % pictures.size()));
    }
    return Files.move(begun, folder);
  }

  private static List<byte[]> pictures() {
    String data = Path.of(System.getenv("GRADLENS_REAL_DATA"), "cifar10").toString();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      return spark.read().parquet(data).select("content").as(Encoders.BINARY()).collectAsList();
    }
  }
}
