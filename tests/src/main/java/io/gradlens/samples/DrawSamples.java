package io.gradlens.samples;

import io.gradlens.samples.Studio.Photograph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Draws the pictures of data-samples and writes their boxes. */
public final class DrawSamples {

  private DrawSamples() {}

  /**
   * Writes images/, boxes.csv and SHA256SUMS.
   *
   * @param args the folder, data-samples unless given
   */
  public static void main(String[] args) throws IOException {
    Path dataSamples = Path.of(args.length > 0 ? args[0] : "data-samples");
    List<String> lines = new ArrayList<>(List.of("path,label,x,y,width,height"));
    double share = 0;
    int readable = 0;
    long size = 0;
    for (DemoPicture picture : DemoPicture.all()) {
      Path file = dataSamples.resolve(picture.path());
      Files.createDirectories(file.getParent());
      Files.write(file, picture.bytes());
      size += Files.size(file);
      if (picture.form().readable()) {
        Photograph stored = picture.stored();
        lines.add(picture.csv(stored.box()));
        share += stored.share();
        readable++;
      }
    }
    Files.writeString(dataSamples.resolve("boxes.csv"), String.join("\n", lines) + "\n");
    Checksums.write(dataSamples);
    System.out.printf(
        "%d pictures, %d readable, %d KB, mean box %.1f %% of the picture, in %s%n",
        DemoPicture.all().size(), readable, size / 1024, 100 * share / readable, dataSamples);
  }
}
