package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * The files behind {@code --images}. In a folder, those with a picture's extension are inputs;
 * files that are named, by themselves or by a glob, always are. Parquet files and nothing else are
 * a table.
 *
 * @param root the folder or file itself, or the part of a glob before its first wildcard
 * @param images URIs of the inputs, sorted; empty for a table
 * @param tables URIs of the table's files, sorted; empty for pictures
 * @param ignored files that are neither
 */
record FileListing(String root, List<String> images, List<String> tables, long ignored) {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp");

  /**
   * @param location a folder, a file or a glob, on any file system that Hadoop knows
   * @throws UserInputException if there is nothing, or no picture and no Parquet file in it
   */
  static FileListing of(String location, Configuration hadoop) {
    FileListing listing = sorted(FileMatches.of("Images", location, hadoop));
    if (listing.images.isEmpty() && listing.tables.isEmpty()) {
      throw new UserInputException(
          "No images found in %s (%d other files); inputs end in %s."
              .formatted(location, listing.ignored, String.join(", ", new TreeSet<>(EXTENSIONS))));
    }
    return listing;
  }

  private static FileListing sorted(FileMatches matches) {
    Set<String> images = new TreeSet<>();
    Set<String> tables = new TreeSet<>();
    long ignored = 0;
    for (String file : matches.named()) {
      (FileMatches.extension(file).equals("parquet") ? tables : images).add(file);
    }
    for (String file : matches.found()) {
      String extension = FileMatches.extension(file);
      if (EXTENSIONS.contains(extension)) {
        images.add(file);
      } else if (extension.equals("parquet") && !matches.isHidden(file)) {
        tables.add(file);
      } else {
        ignored++;
      }
    }
    if (images.isEmpty() && !tables.isEmpty()) {
      return new FileListing(matches.root(), List.of(), List.copyOf(tables), 0);
    }
    return new FileListing(matches.root(), List.copyOf(images), List.of(), ignored + tables.size());
  }
}
