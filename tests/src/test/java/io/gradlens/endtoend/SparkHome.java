package io.gradlens.endtoend;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A folder that is laid out as an unpacked distribution of Spark, made of Maven's jars: {@code
 * jars}, {@code conf} and {@code bin/spark-submit}.
 */
final class SparkHome {

  private static final Path FOLDER = CommandLine.root().resolve("tests/target/spark");

  /** As the distribution's: Spark's own launcher makes the JVM's command of class and options. */
  private static final String SPARK_CLASS =
      """
      #!/usr/bin/env bash
      set -eu
      export SPARK_HOME=$(cd "$(dirname "$0")/.." && pwd -P)
      launcher=("%s" -Xmx128m -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*")
      mapfile -d '' -t command < <("${launcher[@]}" org.apache.spark.launcher.Main "$@")
      # What comes before the first NUL is the launcher's chatter.
      command[1]=${command[1]#$'\\n'}
      exec "${command[@]:1}"
      """;

  private static final String SPARK_SUBMIT =
      """
      #!/usr/bin/env bash
      exec "$(dirname "$0")"/spark-class org.apache.spark.deploy.SparkSubmit "$@"
      """;

  private static boolean isUnpacked;

  private SparkHome() {}

  /** The folder; what is there already stays, for a cluster may run from it. */
  static synchronized Path unpacked() throws IOException {
    if (!isUnpacked) {
      Path jars = Files.createDirectories(FOLDER.resolve("jars"));
      for (String jar : classPath().split(File.pathSeparator)) {
        Path link = jars.resolve(Path.of(jar).getFileName());
        if (!Files.exists(link)) {
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, Path.of(jar));
        }
      }
      Files.createDirectories(FOLDER.resolve("conf"));
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      script("spark-class", SPARK_CLASS.formatted(java));
      script("spark-submit", SPARK_SUBMIT);
      isUnpacked = true;
    }
    return FOLDER;
  }

  private static void script(String name, String text) throws IOException {
    Path file = Files.createDirectories(FOLDER.resolve("bin")).resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Spark's jars, which the shaded jar leaves out. */
  static String classPath() throws IOException {
    return Files.readString(CommandLine.root().resolve("jobs/target/spark.classpath")).strip();
  }

  /** What processes of Spark need to know of this machine. */
  static Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME", FOLDER.toString(),
        "SPARK_LOCAL_IP", "127.0.0.1",
        "SPARK_SCALA_VERSION", "2.12");
  }
}
