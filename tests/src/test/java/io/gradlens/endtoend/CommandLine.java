package io.gradlens.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The launcher in a process of its own, as users start it. */
final class CommandLine {

  /** What a command left. */
  record Result(int status, String out, String err) {}

  /** Commands of a few seconds do not get back what C2 costs. */
  static final String QUICK = "-XX:TieredStopAtLevel=1";

  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));

  private CommandLine() {}

  /** Tests run before the jar is packaged unless they run in {@code ./mvnw verify}. */
  static void assumePackaged() throws IOException {
    assumeTrue(jar().isPresent(), "jobs/target has no jar; run ./mvnw verify");
  }

  /** The shaded jar, where it was packaged. */
  static Optional<Path> jar() throws IOException {
    try (var files = Files.list(Files.createDirectories(ROOT.resolve("jobs/target")))) {
      return files
          .filter(file -> file.getFileName().toString().matches("gradlens-jobs-[0-9.]*\\.jar"))
          .findFirst();
    }
  }

  static Path root() {
    return ROOT;
  }

  /** Starts a command from a folder that is not the repository's. */
  static Process start(Path folder, List<String> args) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", ROOT.resolve("gradlens").toString()));
    command.addAll(args);
    return started(folder, command);
  }

  static Result run(Path folder, List<String> args) throws Exception {
    return result(folder, start(folder, args));
  }

  /** The same through spark-submit, on this machine; without a distribution, by its class. */
  static Result submit(Path folder, List<String> args) throws Exception {
    return submit(folder, Map.of(), args);
  }

  /**
   * The same with classes of these tests on the class path.
   *
   * @param settings Spark's, beside the master
   */
  static Result submit(Path folder, Map<String, String> settings, List<String> args)
      throws Exception {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("spark.master", "local[2]");
    return result(folder, submitted(folder, File.pathSeparator + TestClasses.folder(), all, args));
  }

  /**
   * The same on a cluster of one worker whose executor is a process of its own.
   *
   * @param classes a folder of classes that driver and executors see
   * @param settings Spark's, beside the master
   */
  static Result submitToCluster(
      Path folder, Path classes, Map<String, String> settings, List<String> args) throws Exception {
    return result(folder, startOnCluster(folder, 1, classes, settings, args));
  }

  /**
   * Starts a command on a cluster of workers with one executor of one core each; they are children
   * of the process.
   */
  static Process startOnCluster(
      Path folder, int executors, Path classes, Map<String, String> settings, List<String> args)
      throws IOException {
    SparkHome.unpacked();
    Map<String, String> all = new TreeMap<>(settings);
    all.put("spark.master", "local-cluster[%d,1,1024]".formatted(executors));
    all.putIfAbsent("spark.executor.extraJavaOptions", QUICK);
    all.put("spark.executor.extraClassPath", jar().orElseThrow() + File.pathSeparator + classes);
    return submitted(folder, File.pathSeparator + classes, all, args);
  }

  private static Process submitted(
      Path folder, String classes, Map<String, String> settings, List<String> args)
      throws IOException {
    Path jar = jar().orElseThrow();
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    // As bin/spark-submit has it from the distribution's launcher.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of(QUICK, "-cp"));
    command.add(jar + File.pathSeparator + SparkHome.classPath() + classes);
    command.add("org.apache.spark.deploy.SparkSubmit");
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--class", "io.gradlens.jobs.Gradlens", jar.toString()));
    command.addAll(args);
    return started(folder, command);
  }

  /** Starts a process with the settings of a test in its environment. */
  static Process started(Path folder, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("GRADLENS_HEAP", "1g");
    builder.environment().put("GRADLENS_JAVA_OPTS", QUICK);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().putAll(SparkHome.environment());
    builder.redirectOutput(folder.resolve("stdout").toFile());
    return builder.start();
  }

  /** Waits for a command's end. */
  static Result result(Path folder, Process process) throws Exception {
    // To its end, for the launcher's filter may outlive the JVM by a moment.
    var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("No end after 10 minutes: " + process.info());
    }
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        err.get(1, TimeUnit.MINUTES));
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
