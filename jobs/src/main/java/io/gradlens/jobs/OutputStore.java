package io.gradlens.jobs;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Files in a run's folder, on whatever file system it lies. */
interface OutputStore {

  /** The store for a folder: java.nio for local files, Hadoop for all others. */
  static OutputStore at(Path folder, Configuration hadoop) throws IOException {
    var files = folder.getFileSystem(hadoop);
    String scheme = files.getUri().getScheme();
    if (scheme.equals("file")) {
      return new LocalStore(java.nio.file.Path.of(files.makeQualified(folder).toUri().getPath()));
    }
    return new HadoopStore(files, files.makeQualified(folder));
  }

  /** Makes the folder where it is not there. */
  void createFolder() throws IOException;

  /** A file's text, or empty where there is none. */
  Optional<String> read(String name) throws IOException;

  /** Writes a file in whole: readers see the old text or the new. */
  void replace(String name, String text) throws IOException;

  /** The same with the content of a file on this machine. */
  void replace(String name, java.nio.file.Path content) throws IOException;

  /** A file as one on this machine, to be read only, or empty where there is none. */
  Optional<java.nio.file.Path> local(String name) throws IOException;

  /**
   * Writes a file unless there is one.
   *
   * @return false if there was one; atomic on local file systems and HDFS
   */
  boolean createIfAbsent(String name, String text) throws IOException;

  /** Deletes a file where there is one. */
  void delete(String name) throws IOException;
}
