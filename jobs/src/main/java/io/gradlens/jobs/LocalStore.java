package io.gradlens.jobs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Local files: Hadoop's own local file system checks for existence before it creates, unsafely. */
record LocalStore(Path folder) implements OutputStore {

  @Override
  public void createFolder() throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void replace(String name, String text) throws IOException {
    replace(name, next -> Files.writeString(next, text));
  }

  @Override
  public void replace(String name, Path content) throws IOException {
    replace(name, next -> Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Writes a file in whole. */
  @FunctionalInterface
  private interface Writer {
    void to(Path next) throws IOException;
  }

  private void replace(String name, Writer writer) throws IOException {
    Path next = folder.resolve("." + name + "." + ProcessHandle.current().pid());
    try {
      writer.to(next);
      Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      // A disk that is full has no use for half a file.
      Files.deleteIfExists(next);
    }
  }

  @Override
  public Optional<Path> local(String name) {
    return Optional.of(folder.resolve(name)).filter(Files::exists);
  }

  @Override
  public boolean createIfAbsent(String name, String text) throws IOException {
    // A link appears with its whole content at once, and only where nothing is yet.
    Path next =
        folder.resolve("." + name + "." + ProcessHandle.current().pid() + "-" + System.nanoTime());
    try {
      Files.writeString(next, text);
      Files.createLink(folder.resolve(name), next);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      return createPlainly(name, text);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private boolean createPlainly(String name, String text) throws IOException {
    try {
      Files.writeString(folder.resolve(name), text, java.nio.file.StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }
}
