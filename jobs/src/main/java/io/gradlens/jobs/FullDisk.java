package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Tells a failure for want of space, which the user can mend, from all others. */
final class FullDisk {

  /** What local disks, their quotas, HDFS and the buffers of object stores say. */
  private static final List<String> SIGNS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "QuotaExceededException",
          "could only be written to 0 of the",
          "No space available in any of the local directories");

  /** Who writes what Spark keeps between tasks. */
  private static final List<String> SPARKS_OWN_WRITERS =
      List.of(
          "org.apache.spark.storage.DiskStore",
          "org.apache.spark.storage.DiskBlockObjectWriter",
          "org.apache.spark.shuffle.",
          "org.apache.spark.util.collection.unsafe.sort.");

  private FullDisk() {}

  /** What to tell the user if a disk was full, be it this process's or a task's. */
  static Optional<UserInputException> in(Throwable failure, Path output) {
    var writer = new StringWriter();
    failure.printStackTrace(new PrintWriter(writer, true));
    String trace = writer.toString();
    return SIGNS.stream()
        .filter(trace::contains)
        .findFirst()
        .map(sign -> new UserInputException(message(sign, trace, output), failure));
  }

  private static String message(String sign, String trace, Path output) {
    String full =
        SPARKS_OWN_WRITERS.stream().anyMatch(trace::contains)
            ? "There is no space for Spark's own files (spark.local.dir, SPARK_LOCAL_DIRS)"
            : "There is no space for output %s".formatted(output);
    return full
        + " (%s). Make room and start the same command again: what is committed stays."
            .formatted(sign);
  }
}
