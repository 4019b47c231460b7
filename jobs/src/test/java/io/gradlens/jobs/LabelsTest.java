package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {

  @TempDir private Path folder;

  @Test
  void fileNamesImagesByPathByRelativePathOrByName() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("labels.csv"),
            "path,label\nfile:/data/a.png,exact\n/data/b.png,plain\nsub/c.png,relative\n"
                + "d.png,name\n\"e,f.png\",\"a \"\"quoted\"\" one\"\n");
    Labels labels = parse(file.toString(), false);

    assertThat(labels.of("file:/data/a.png", null)).isEqualTo("exact");
    assertThat(labels.of("file:/data/b.png", null)).isEqualTo("plain");
    assertThat(labels.of("file:/data/sub/c.png", null)).isEqualTo("relative");
    assertThat(labels.of("file:/data/sub/d.png", null)).isEqualTo("name");
    assertThat(labels.of("file:/data/e,f.png", null)).isEqualTo("a \"quoted\" one");
    assertThat(labels.of("file:/data/unknown.png", null)).isNull();
  }

  @Test
  void lineWithoutALabelIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("labels.csv"), "a.png\n");

    assertThatThrownBy(() -> parse(file.toString(), false))
        .isInstanceOf(UserInputException.class)
        .hasMessageContainingAll("labels.csv", "a.png");
  }

  @Test
  void columnIsTheDefaultWhereThereIsOne() {
    assertThat(parse(null, true).of("x/y.png", "cat")).isEqualTo("cat");
    assertThat(parse(null, false).of("x/y.png", "cat")).isNull();
    assertThat(parse("none", true).of("x/y.png", "cat")).isNull();
    assertThat(parse("parent-folder", true).of("x/y.png", "cat")).isEqualTo("x");
  }

  private static Labels parse(String option, boolean hasColumn) {
    return Labels.parse(option, hasColumn, "file:/data", new Configuration());
  }
}
