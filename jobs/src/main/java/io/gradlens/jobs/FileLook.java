package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A look into a file of a table, before Spark reads it: Spark would fail a task for a bad one, and
 * say so in its log.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
interface FileLook<T extends Serializable> extends Serializable {

  /**
   * Looks into one.
   *
   * @throws IOException or a RuntimeException if it is not what it should be
   */
  T into(Path file, Configuration hadoop) throws IOException;

  /** What came of a file, or what is wrong with it. */
  record Seen<T extends Serializable>(T value, String flaw) implements Serializable {}

  /**
   * Looks into all, in tasks: one by one, a driver would take long over files on an object store.
   *
   * @param location where they are, for the message
   * @return in the order of the files
   * @throws UserInputException if there is something wrong with one, with its name
   */
  default List<T> intoAll(SparkSession spark, String location, List<String> files) {
    FileLook<T> look = this;
    var hadoop = new SerializableConfiguration(spark.sessionState().newHadoopConf());
    int tasks = Math.max(1, Math.min(files.size(), 4 * spark.sparkContext().defaultParallelism()));
    List<Seen<T>> all =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(files, tasks)
            .map(file -> seen(look, file, hadoop.value()))
            .collect();
    List<String> flaws = all.stream().map(Seen::flaw).filter(flaw -> flaw != null).toList();
    if (!flaws.isEmpty()) {
      String mistake = "Table %s cannot be read: ".formatted(location);
      String which = "%d of its %d files cannot".formatted(flaws.size(), files.size());
      throw new UserInputException(
          "%s%s%s."
              .formatted(
                  mistake,
                  files.size() == 1 ? "" : which + ", the first: ",
                  flaws.get(0).replaceAll("\\.$", "")),
          mistake + which + ".",
          null);
    }
    return all.stream().map(Seen::value).toList();
  }

  private static <T extends Serializable> Seen<T> seen(
      FileLook<T> look, String file, Configuration hadoop) {
    try {
      return new Seen<>(look.into(new Path(file), hadoop), null);
    } catch (IOException | RuntimeException e) {
      String flaw = String.valueOf(e.getMessage());
      return new Seen<>(null, flaw.contains(file) ? flaw : file + ": " + flaw);
    }
  }
}
