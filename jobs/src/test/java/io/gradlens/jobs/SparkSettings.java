package io.gradlens.jobs;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Settings of Spark's for the commands of a test, given as the launcher gives them. */
final class SparkSettings implements AutoCloseable {
  private final Map<String, String> settings;

  SparkSettings(Map<String, String> settings) {
    this.settings = settings;
    // A session that another test has left would not see them.
    Option<SparkSession> left = SparkSession.getDefaultSession();
    if (left.isDefined()) {
      left.get().stop();
    }
    settings.forEach(System::setProperty);
  }

  /** What a file in conf/ says, and more that wins. */
  static SparkSettings of(String file, Map<String, String> more) throws IOException {
    Properties properties = new Properties();
    Path path = Path.of(System.getProperty("gradlens.root"), "conf", file);
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    }
    Map<String, String> settings = new HashMap<>();
    properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
    settings.putAll(more);
    return new SparkSettings(settings);
  }

  @Override
  public void close() {
    settings.keySet().forEach(System::clearProperty);
  }
}
