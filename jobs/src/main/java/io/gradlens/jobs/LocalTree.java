package io.gradlens.jobs;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Local files. Hadoop's listing would leave broken links out without a word. */
final class LocalTree implements FileTree {

  @Override
  public String uri(String location) {
    return "file:" + path(location);
  }

  @Override
  public boolean exists(String location) {
    return Files.exists(path(location), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean isFolder(String location) {
    return Files.isDirectory(path(location));
  }

  @Override
  public List<String> filesUnder(String folder) throws IOException {
    List<String> files = new ArrayList<>();
    walk(
        path(folder),
        Integer.MAX_VALUE,
        (file, isFolder) -> {
          if (!isFolder) {
            files.add(uri(file.toString()));
          }
        });
    return files;
  }

  @Override
  public List<String> glob(String folder, String pattern) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    Path root = path(folder);
    int depth = pattern.contains("**") ? Integer.MAX_VALUE : pattern.split("/").length;
    List<String> matches = new ArrayList<>();
    walk(
        root,
        depth,
        (file, isFolder) -> {
          if (matcher.matches(root.relativize(file))) {
            matches.add(uri(file.toString()));
          }
        });
    return matches;
  }

  private interface Visit {
    void accept(Path path, boolean isFolder);
  }

  private static void walk(Path root, int depth, Visit visit) throws IOException {
    Files.walkFileTree(
        root,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        depth,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            visit.accept(folder, true);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            visit.accept(file, attributes.isDirectory());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  private static Path path(String location) {
    String plain = location.startsWith("file:") ? location.substring("file:".length()) : location;
    return Path.of(plain.replaceFirst("^//+", "/")).toAbsolutePath().normalize();
  }
}
