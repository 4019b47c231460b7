package io.gradlens.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Any file system of Hadoop's. On HDFS files are written aside and renamed, so that they appear
 * with their whole content, and once. An object store shows an object when it is complete, and
 * cannot tell two writers that each thinks it is the first. Elsewhere a rename does not overwrite:
 * a file goes before the next one takes its place, and readers that come between them take that.
 */
record HadoopStore(FileSystem files, Path folder) implements OutputStore {

  /** Where a rename is one step, HDFS under whatever name. */
  private static final Set<String> RENAMING = Set.of("hdfs", "viewfs", "webhdfs", "swebhdfs");

  /** They show an object when it is complete, and a rename would be a copy. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  @Override
  public void createFolder() throws IOException {
    files.mkdirs(folder);
  }

  @Override
  public Optional<String> read(String name) throws IOException {
    Optional<String> text = text(new Path(folder, name));
    // Who replaced the file may have died when it was gone and the next one not in its place.
    return text.isPresent() ? text : text(next(name));
  }

  private Optional<String> text(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is to take a file's place, in whole. */
  private Path next(String name) {
    return new Path(folder, "." + name + ".next");
  }

  @Override
  public void replace(String name, String text) throws IOException {
    replace(name, target -> write(target, text, true));
  }

  @Override
  public void replace(String name, java.nio.file.Path content) throws IOException {
    replace(
        name, target -> files.copyFromLocalFile(false, true, new Path(content.toUri()), target));
  }

  /** Writes a file in whole. */
  @FunctionalInterface
  private interface Writer {
    void to(Path target) throws IOException;
  }

  private void replace(String name, Writer writer) throws IOException {
    Path target = new Path(folder, name);
    if (OBJECT_STORES.contains(files.getUri().getScheme())) {
      writer.to(target);
      return;
    }
    Path begun = new Path(folder, "." + name + ".begun");
    writer.to(begun);
    if (renames()) {
      rename(begun, target, Options.Rename.OVERWRITE);
    } else {
      rename(begun, next(name));
      rename(next(name), target);
    }
  }

  private boolean renames() {
    return RENAMING.contains(files.getUri().getScheme());
  }

  private void rename(Path from, Path to, Options.Rename how) throws IOException {
    FileContext.getFileContext(files.getUri(), files.getConf()).rename(from, to, how);
  }

  private void rename(Path from, Path to) throws IOException {
    files.delete(to, false);
    if (!files.rename(from, to)) {
      throw new IOException("Cannot rename %s to %s".formatted(from, to));
    }
  }

  @Override
  public Optional<java.nio.file.Path> local(String name) throws IOException {
    Path source = new Path(folder, name);
    if (!files.exists(source)) {
      source = next(name);
    }
    if (!files.exists(source)) {
      return Optional.empty();
    }
    java.nio.file.Path copy = Files.createTempFile("gradlens", name);
    copy.toFile().deleteOnExit();
    files.copyToLocalFile(false, source, new Path(copy.toUri()), true);
    return Optional.of(copy);
  }

  @Override
  public boolean createIfAbsent(String name, String text) throws IOException {
    Path target = new Path(folder, name);
    try {
      if (renames()) {
        // Created in place, it would be there before its content is.
        createAside(target, text);
      } else {
        write(target, text, false);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private void createAside(Path target, String text) throws IOException {
    Path next = new Path(folder, "." + target.getName() + "." + UUID.randomUUID());
    write(next, text, false);
    try {
      rename(next, target, Options.Rename.NONE);
    } finally {
      files.delete(next, false);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(new Path(folder, name), false);
    files.delete(next(name), false);
  }

  private void write(Path path, String text, boolean overwrite) throws IOException {
    try (OutputStream out = files.create(path, overwrite)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
