package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The files behind an option that takes a folder, a file or a glob.
 *
 * @param root the folder or file itself, or the part of a glob before its first wildcard
 * @param named URIs of files that are named, by themselves or by a glob
 * @param found URIs of files in folders
 */
record FileMatches(String root, List<String> named, List<String> found) {

  /**
   * Looks.
   *
   * @param what is looked for, as "Images", for messages
   * @param location a folder, a file or a glob, on any file system that Hadoop knows
   * @throws UserInputException if there is nothing of that name
   */
  static FileMatches of(String what, String location, Configuration hadoop) {
    try {
      FileTree tree = FileTree.of(location, hadoop);
      return tree.exists(location) ? folder(tree, location) : glob(what, tree, location);
    } catch (IOException e) {
      String mistake =
          "Cannot list the %s in %s".formatted(what.toLowerCase(Locale.ROOT), location);
      throw new UserInputException(
          "%s: %s.".formatted(mistake, e),
          "%s: %s.".formatted(mistake, e.getClass().getSimpleName()),
          e);
    }
  }

  private static FileMatches folder(FileTree tree, String location) throws IOException {
    String root = tree.uri(location);
    return tree.isFolder(location)
        ? new FileMatches(root, List.of(), tree.filesUnder(location))
        : new FileMatches(root, List.of(root), List.of());
  }

  private static FileMatches glob(String what, FileTree tree, String pattern) throws IOException {
    int wildcard = pattern.replaceAll("[*?\\[{].*", "").length();
    if (wildcard == pattern.length()) {
      throw new UserInputException("%s %s are not there.".formatted(what, pattern));
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
    return new FileMatches(tree.uri(root.isEmpty() ? "." : root), named, found);
  }

  /** Whether Spark passes over a file: what jobs leave behind is no part of a table. */
  boolean isHidden(String file) {
    String inside = file.startsWith(root) ? file.substring(root.length()) : file;
    for (String part : inside.split("/")) {
      if (part.startsWith(".") || (part.startsWith("_") && !part.contains("="))) {
        return true;
      }
    }
    return false;
  }

  /** In lower case, without the dot. */
  static String extension(String file) {
    String name = new Path(file).getName();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
