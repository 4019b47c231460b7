package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListingTest {

  @TempDir private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name :
        List.of(
            "a.JPG",
            "b.jpeg",
            "c.txt",
            "deep/er/d.webp",
            "deep/e.TIF",
            "deep/f",
            "deep/_g.png",
            "odd [1]%20#x.bmp")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  @Test
  void folderGivesPicturesByExtensionAndCountsTheRest() {
    FileListing listing = list("");

    assertThat(names(listing))
        .containsExactly(
            "a.JPG", "b.jpeg", "deep/_g.png", "deep/e.TIF", "deep/er/d.webp", "odd [1]%20#x.bmp");
    assertThat(listing.ignored()).isEqualTo(2);
  }

  @Test
  void filesThatAGlobNamesAreInputsWhateverTheyAreCalled() {
    assertThat(names(list("/*.txt"))).containsExactly("c.txt");
    assertThat(names(list("/*.{JPG,jpeg}"))).containsExactly("a.JPG", "b.jpeg");
    assertThat(names(list("/[ab].*"))).containsExactly("a.JPG", "b.jpeg");
    assertThat(names(list("/**/*.TIF"))).containsExactly("deep/e.TIF");
    assertThat(names(list("/deep/?"))).containsExactly("deep/f");
  }

  @Test
  void folderThatAGlobNamesIsWalked() {
    FileListing listing = list("/de*");

    assertThat(names(listing)).containsExactly("deep/_g.png", "deep/e.TIF", "deep/er/d.webp");
    assertThat(listing.ignored()).isEqualTo(1);
  }

  @Test
  void fileIsAnInput() {
    assertThat(names(list("/c.txt"))).containsExactly("c.txt");
    assertThat(names(list("/odd [1]%20#x.bmp"))).containsExactly("odd [1]%20#x.bmp");
  }

  @Test
  void brokenLinkIsAnInput() throws IOException {
    Files.createSymbolicLink(folder.resolve("deep/gone.png"), Path.of("/no/such/file"));
    Files.createSymbolicLink(folder.resolve("deep/loop"), folder);

    assertThat(names(list("/deep"))).contains("deep/gone.png");
  }

  @Test
  void parquetFilesAloneAreATable() throws IOException {
    Path table = Files.createDirectories(folder.resolve("table/day=1"));
    Files.writeString(table.resolve("part-0.parquet"), "");
    Files.writeString(table.resolve("_SUCCESS"), "");
    Files.createDirectories(folder.resolve("table/_temporary"));
    Files.writeString(folder.resolve("table/_temporary/part-1.parquet"), "");

    assertThat(list("/table").tables()).hasSize(1);
    assertThat(list("/table").images()).isEmpty();
    assertThat(list("").tables()).as("beside pictures they are other files").isEmpty();
    assertThat(list("").ignored()).isEqualTo(2 + 3);
  }

  @Test
  void nothingIsRefused() {
    assertThatThrownBy(() -> list("/none")).isInstanceOf(UserInputException.class);
    assertThatThrownBy(() -> list("/*.none"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("No images found");
  }

  private FileListing list(String location) {
    return FileListing.of(folder + location, new Configuration());
  }

  private List<String> names(FileListing listing) {
    return listing.images().stream()
        .map(uri -> uri.substring(("file:" + folder + "/").length()))
        .toList();
  }
}
