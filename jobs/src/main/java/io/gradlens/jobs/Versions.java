package io.gradlens.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** What ran: recorded with every run. */
final class Versions {

  private static final Properties BUILD = load();

  private Versions() {}

  static String gradlens() {
    return BUILD.getProperty("version");
  }

  /** The commit that was built, or {@code unknown} for a build outside a repository. */
  static String git() {
    return BUILD.getProperty("git");
  }

  /**
   * Gradlens, git, Spark, engine, JVM, OS and CPU.
   *
   * @param spark version of Spark
   * @param engine what computes, by name
   */
  static Map<String, String> all(String spark, Map<String, String> engine) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("gradlens", gradlens());
    versions.put("git", git());
    versions.put("spark", spark);
    versions.putAll(engine);
    versions.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    versions.put("cpu", cpu());
    return versions;
  }

  private static String cpu() {
    Path info = Path.of("/proc/cpuinfo");
    String model = "";
    if (Files.isReadable(info)) {
      try (var lines = Files.lines(info)) {
        model =
            lines
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip() + ", ")
                .findFirst()
                .orElse("");
      } catch (IOException | UncheckedIOException e) {
        // Containers may hide it; the architecture will have to do.
        model = "";
      }
    }
    return "%s%s, %d cores"
        .formatted(
            model, System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
  }

  private static Properties load() {
    Properties build = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build;
  }
}
