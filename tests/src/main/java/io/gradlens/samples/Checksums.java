package io.gradlens.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The file SHA256SUMS of data-samples, in the form that {@code sha256sum --check} reads. */
final class Checksums {

  static final String FILE = "SHA256SUMS";

  private Checksums() {}

  /** SHA-256 by path, sorted, of every file but the README and the list itself. */
  static Map<String, String> of(Path dataSamples) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dataSamples)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = dataSamples.relativize(file).toString().replace('\\', '/');
        if (!path.equals(FILE) && !path.equals("README.md")) {
          sums.put(path, sha256(Files.readAllBytes(file)));
        }
      }
    }
    return sums;
  }

  /** Writes the list anew. */
  static void write(Path dataSamples) throws IOException {
    StringBuilder lines = new StringBuilder();
    of(dataSamples)
        .forEach((path, sum) -> lines.append(sum).append("  ").append(path).append('\n'));
    Files.writeString(dataSamples.resolve(FILE), lines);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
