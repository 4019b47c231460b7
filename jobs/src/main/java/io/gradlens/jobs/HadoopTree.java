package io.gradlens.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Any file system of Hadoop's. */
record HadoopTree(FileSystem files) implements FileTree {

  @Override
  public String uri(String location) {
    return files.makeQualified(new Path(location)).toString();
  }

  @Override
  public boolean exists(String location) throws IOException {
    return files.exists(new Path(location));
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    try {
      return files.getFileStatus(new Path(location)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public List<String> filesUnder(String folder) throws IOException {
    List<String> found = new ArrayList<>();
    var all = files.listFiles(new Path(folder), true);
    while (all.hasNext()) {
      found.add(all.next().getPath().toString());
    }
    return found;
  }

  @Override
  public List<String> glob(String folder, String pattern) throws IOException {
    List<String> matches = new ArrayList<>();
    for (FileStatus status : files.globStatus(new Path(folder + pattern))) {
      matches.add(status.getPath().toString());
    }
    return matches;
  }
}
