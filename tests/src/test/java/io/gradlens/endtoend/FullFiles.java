package io.gradlens.endtoend;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under the scheme {@code full}: a disk of so many bytes, which those below one folder
 * take up.
 */
public final class FullFiles extends LocalScheme {

  private static final String FOLDER = "fs.full.folder";
  private static final String BYTES = "fs.full.bytes";

  /** What Spark has to be told, with the classes on its path. */
  static Map<String, String> settings(java.nio.file.Path folder, long bytes) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.hadoop.fs.full.impl", FullFiles.class.getName());
    settings.put("spark.hadoop." + FOLDER, folder.toString());
    settings.put("spark.hadoop." + BYTES, Long.toString(bytes));
    return settings;
  }

  static String uri(java.nio.file.Path path) {
    return "full://" + path;
  }

  @Override
  public String getScheme() {
    return "full";
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    FSDataOutputStream out =
        super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(new Limited(out), new FileSystem.Statistics("full"));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** Bytes that are on the disk, those of deleted files not among them. */
  private long used() throws IOException {
    try (var files = Files.walk(java.nio.file.Path.of(getConf().get(FOLDER)))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException goneWhileListed) {
      return used();
    }
  }

  private final class Limited extends FilterOutputStream {

    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.flush();
      if (used() + length > getConf().getLong(BYTES, 0)) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, from, length);
    }
  }
}
