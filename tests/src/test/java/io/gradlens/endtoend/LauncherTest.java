package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {

  @TempDir private Path folder;

  @Test
  void wrongJdkGetsOneSentenceThatNamesWhatWasFound() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk-11/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

    CommandLine.Result result = launch(Map.of("JAVA_HOME", folder.resolve("jdk-11").toString()));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("JDK 17", "jdk-11", "version 11");
  }

  @Test
  void missingJdkGetsOneSentence() throws Exception {
    CommandLine.Result nowhere = launch(Map.of("JAVA_HOME", "/no/such/jdk"));
    assertThat(nowhere.status()).isEqualTo(2);
    assertThat(nowhere.err()).hasLineCount(1).contains("JDK 17", "/no/such/jdk");

    for (String tool : new String[] {"dirname", "sed", "head", "cat", "find"}) {
      Path at = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(folder.resolve(tool), Files.exists(at) ? at : Path.of("/bin", tool));
    }
    CommandLine.Result bare = launch(Map.of("JAVA_HOME", "", "PATH", folder.toString()));
    assertThat(bare.status()).isEqualTo(2);
    assertThat(bare.err()).hasLineCount(1).contains("JDK 17", "no java on the PATH");
  }

  private CommandLine.Result launch(Map<String, String> environment) throws Exception {
    String launcher = CommandLine.root().resolve("gradlens").toString();
    var builder = new ProcessBuilder("/bin/bash", launcher, "--version");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new CommandLine.Result(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes()),
        new String(process.getErrorStream().readAllBytes()));
  }
}
