package io.gradlens.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;

/**
 * Local files under the scheme {@code troubled}: to open one takes its time in a task and may be
 * recorded, and where an image is explained whose name says {@code killer} the JVM ends as in a
 * native crash.
 */
public final class TroubledFiles extends LocalScheme {

  private static final String MILLIS = "fs.troubled.millis";
  private static final String RECORD = "fs.troubled.record";

  /** What Spark has to be told, with the classes on the path of all processes. */
  static Map<String, String> settings(int millis) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.hadoop.fs.troubled.impl", TroubledFiles.class.getName());
    settings.put("spark.hadoop." + MILLIS, Integer.toString(millis));
    settings.put("spark.driver.extraClassPath", TestClasses.folder());
    settings.put("spark.executor.extraClassPath", TestClasses.folder());
    return settings;
  }

  /** The same, with an empty file in a folder for every time that a task has opened one. */
  static Map<String, String> settings(int millis, java.nio.file.Path record) {
    Map<String, String> settings = settings(millis);
    settings.put("spark.hadoop." + RECORD, record.toString());
    return settings;
  }

  static String uri(java.nio.file.Path path) {
    return "troubled://" + path;
  }

  @Override
  public String getScheme() {
    return "troubled";
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (TaskContext.get() != null) {
      pause();
      record();
      if (file.getName().contains("killer") && isExplained()) {
        Runtime.getRuntime().halt(134);
      }
    }
    return super.open(file, bufferSize);
  }

  private void record() throws IOException {
    String folder = getConf().get(RECORD);
    if (folder != null) {
      Files.createTempFile(java.nio.file.Path.of(folder), "opened", "");
    }
  }

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(getConf().getInt(MILLIS, 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Not where its bytes are only hashed: crashes come of decoding them. */
  private static boolean isExplained() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(f -> f.getClassName().endsWith(".ExplainPartition")));
  }
}
