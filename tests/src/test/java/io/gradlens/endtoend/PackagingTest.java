package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in the jar that spark-submit gets, and what is not. */
class PackagingTest {

  private static Set<String> entries;

  @BeforeAll
  static void list() throws IOException {
    CommandLine.assumePackaged();
    entries = entries(CommandLine.jar().orElseThrow());
  }

  private static Set<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  @Test
  void noClassIsOneThatSparkBrings() throws IOException {
    Set<String> both = new TreeSet<>();
    for (String jar : SparkHome.classPath().split(File.pathSeparator)) {
      Set<String> sparks = entries(Path.of(jar));
      sparks.removeIf(name -> !name.endsWith(".class") || name.endsWith("module-info.class"));
      // ND4J's copy of Guava is relocated, but for these.
      sparks.removeIf(name -> name.matches("javax/annotation/.*|com/google/thirdparty/.*"));
      sparks.retainAll(entries);
      both.addAll(sparks);
    }

    assertThat(both).isEmpty();
    // A class of DL4J's that lives in Spark's package.
    assertThat(
            entries.stream().filter(name -> name.matches("(org/apache/(spark|hadoop)|scala)/.*")))
        .allMatch(name -> name.startsWith("org/apache/spark/TaskContextHelper"));
  }

  @Test
  void nativesAreOfOnePlatform() {
    Set<String> folders =
        entries.stream()
            .filter(name -> name.matches(".*\\.(so|dll|dylib|jnilib)(\\.[0-9.]+)?"))
            .map(name -> name.substring(0, name.lastIndexOf('/')))
            .map(name -> name.substring(name.lastIndexOf('/') + 1))
            .map(name -> name.replaceAll("-onednn.*", "").replace('_', '-'))
            .map(name -> name.replace("aarch64", "arm64").replace("win32", "windows"))
            .map(name -> name.startsWith("macosx") ? "darwin" : name)
            .collect(Collectors.toSet());

    assertThat(folders).hasSize(1);
  }

  @Test
  void servicesOfAllJarsAreThere() throws IOException {
    Map<String, List<String>> expected =
        Map.of(
            "org.nd4j.linalg.factory.Nd4jBackend",
            List.of("org.nd4j.linalg.cpu.nativecpu.CpuBackend"),
            "javax.imageio.spi.ImageReaderSpi",
            List.of(
                "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi",
                "com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi",
                "com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi"));
    try (JarFile file = new JarFile(CommandLine.jar().orElseThrow().toFile())) {
      for (Map.Entry<String, List<String>> service : expected.entrySet()) {
        ZipEntry entry = file.getEntry("META-INF/services/" + service.getKey());
        assertThat(entry).as(service.getKey()).isNotNull();
        String text = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text.lines().map(String::strip)).containsAll(service.getValue());
      }
    }
  }

  @Test
  void thinJarHoldsItsModuleAlone() throws IOException {
    Path thin =
        CommandLine.root()
            .resolve("jobs/target")
            .resolve(
                CommandLine.jar()
                    .orElseThrow()
                    .getFileName()
                    .toString()
                    .replace("gradlens-jobs", "gradlens-jobs-thin"));

    Set<String> classes = entries(thin);
    classes.removeIf(name -> name.startsWith("META-INF/"));

    assertThat(classes).contains("io/gradlens/jobs/Gradlens.class");
    assertThat(classes).allMatch(name -> name.startsWith("io/gradlens/jobs/"));
  }
}
