package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

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
    try {
      FileTree tree = FileTree.of(location, hadoop);
      FileListing listing = tree.exists(location) ? folder(tree, location) : glob(tree, location);
      if (listing.images.isEmpty() && listing.tables.isEmpty()) {
        throw new UserInputException(
            "No images found in %s (%d other files); inputs end in %s."
                .formatted(
                    location, listing.ignored, String.join(", ", new TreeSet<>(EXTENSIONS))));
      }
      return listing;
    } catch (IOException e) {
      throw new UserInputException("Cannot list the images in %s: %s.".formatted(location, e), e);
    }
  }

  private static FileListing folder(FileTree tree, String location) throws IOException {
    String root = tree.uri(location);
    if (!tree.isFolder(location)) {
      return sorted(root, List.of(root), List.of());
    }
    return sorted(root, List.of(), tree.filesUnder(location));
  }

  private static FileListing glob(FileTree tree, String pattern) throws IOException {
    int wildcard = pattern.replaceAll("[*?\\[{].*", "").length();
    if (wildcard == pattern.length()) {
      throw new UserInputException("Images %s are not there.".formatted(pattern));
    }
    String root = pattern.substring(0, pattern.lastIndexOf('/', wildcard) + 1);
    List<String> named = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (String match : tree.glob(root, pattern.substring(root.length()))) {
      if (tree.isFolder(match)) {
        found.addAll(tree.filesUnder(match));
      } else {
        named.add(match);
      }
    }
    return sorted(tree.uri(root.isEmpty() ? "." : root), named, found);
  }

  /**
   * @param named files that are inputs whatever they are called
   * @param found files that are inputs by their extension
   */
  private static FileListing sorted(
      String root, Collection<String> named, Collection<String> found) {
    Set<String> images = new TreeSet<>();
    Set<String> tables = new TreeSet<>();
    long ignored = 0;
    for (String file : named) {
      (extension(file).equals("parquet") ? tables : images).add(file);
    }
    for (String file : found) {
      if (EXTENSIONS.contains(extension(file))) {
        images.add(file);
      } else if (extension(file).equals("parquet") && !isHidden(root, file)) {
        tables.add(file);
      } else {
        ignored++;
      }
    }
    if (images.isEmpty() && !tables.isEmpty()) {
      return new FileListing(root, List.of(), List.copyOf(tables), 0);
    }
    return new FileListing(root, List.copyOf(images), List.of(), ignored + tables.size());
  }

  /** As Spark hides them: what jobs leave behind is no part of a table. */
  private static boolean isHidden(String root, String file) {
    String inside = file.startsWith(root) ? file.substring(root.length()) : file;
    for (String part : inside.split("/")) {
      if (part.startsWith(".") || (part.startsWith("_") && !part.contains("="))) {
        return true;
      }
    }
    return false;
  }

  private static String extension(String file) {
    String name = new Path(file).getName();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
