package io.gradlens.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The launcher in a process of its own, as users start it. */
final class CommandLine {

  /** What a command left. */
  record Result(int status, String out, String err) {}

  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));

  private CommandLine() {}

  /** Tests run before the jar is packaged unless they run in {@code ./mvnw verify}. */
  static void assumePackaged() throws IOException {
    try (var files = Files.list(Files.createDirectories(ROOT.resolve("jobs/target")))) {
      assumeTrue(
          files.anyMatch(file -> file.getFileName().toString().matches("gradlens-jobs-.*\\.jar")),
          "jobs/target has no jar; run ./mvnw verify");
    }
  }

  static Path root() {
    return ROOT;
  }

  /** Starts a command from a folder that is not the repository's. */
  static Process start(Path folder, List<String> args) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", ROOT.resolve("gradlens").toString()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("GRADLENS_HEAP", "1g");
    // Commands of a few seconds do not get back what C2 costs.
    builder.environment().put("GRADLENS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    builder.redirectOutput(new File(folder.toFile(), "stdout"));
    builder.redirectError(new File(folder.toFile(), "stderr"));
    return builder.start();
  }

  static Result run(Path folder, List<String> args) throws Exception {
    Process process = start(folder, args);
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("No end after 5 minutes: " + args);
    }
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }
}
