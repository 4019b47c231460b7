package io.gradlens.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The launcher in a process of its own, as users start it. */
final class CommandLine {

  /** What a command left. */
  record Result(int status, String out, String err) {}

  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));

  private CommandLine() {}

  /** Tests run before the jar is packaged unless they run in {@code ./mvnw verify}. */
  static void assumePackaged() throws IOException {
    assumeTrue(jar().isPresent(), "jobs/target has no jar; run ./mvnw verify");
  }

  private static Optional<Path> jar() throws IOException {
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
    Path jar = jar().orElseThrow();
    String spark = Files.readString(ROOT.resolve("jobs/target/spark.classpath")).strip();
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    // As bin/spark-submit has it from the distribution's launcher.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", jar + File.pathSeparator + spark));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
    command.addAll(List.of("--class", "io.gradlens.jobs.Gradlens", jar.toString()));
    command.addAll(args);
    return result(folder, started(folder, command));
  }

  private static Process started(Path folder, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("GRADLENS_HEAP", "1g");
    // Commands of a few seconds do not get back what C2 costs.
    builder.environment().put("GRADLENS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.redirectOutput(folder.resolve("stdout").toFile());
    builder.redirectError(folder.resolve("stderr").toFile());
    return builder.start();
  }

  private static Result result(Path folder, Process process) throws Exception {
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("No end after 5 minutes: " + process.info());
    }
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }
}
