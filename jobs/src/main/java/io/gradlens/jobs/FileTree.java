package io.gradlens.jobs;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Listing of folders. Locations are paths or URIs; what comes back are URIs. */
interface FileTree {

  /** java.nio for local files, Hadoop for all others. */
  static FileTree of(String location, Configuration hadoop) throws IOException {
    FileSystem files = new Path(location).getFileSystem(hadoop);
    return files.getUri().getScheme().equals("file") ? new LocalTree() : new HadoopTree(files);
  }

  /** The location as an absolute URI, spelled as Hadoop spells it: {@code file:/a b/c.jpg}. */
  String uri(String location) throws IOException;

  boolean exists(String location) throws IOException;

  boolean isFolder(String location) throws IOException;

  /** Every file in a folder and the folders in it; links without a target too. */
  List<String> filesUnder(String folder) throws IOException;

  /** Files and folders under a folder whose relative path fits a glob. */
  List<String> glob(String folder, String pattern) throws IOException;
}
