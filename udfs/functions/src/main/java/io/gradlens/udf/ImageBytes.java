package io.gradlens.udf;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Gets an image's bytes on the executor: from its row, or from its file, so that a file that cannot
 * be read fails one image and not the stage.
 */
public final class ImageBytes implements Serializable {

  private static final long serialVersionUID = 1L;

  /** No picture file is larger; what is would not fit into an array or the heap. */
  private static final long MAX_BYTES = 1L << 30;

  /** Most are smaller: to ask for their length first is one request more, at an object store. */
  private static final int USUAL_BYTES = 1 << 20;

  private final Broadcast<SerializableConfiguration> hadoop;

  private ImageBytes(Broadcast<SerializableConfiguration> hadoop) {
    this.hadoop = hadoop;
  }

  /** For the tasks of a session. */
  public static ImageBytes in(SparkSession spark) {
    var sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new ImageBytes(
        sc.broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf())));
  }

  /**
   * @param image a row of {@link Schemas#IMAGES}
   * @throws ImageFailure stage {@code read}
   */
  public byte[] of(Row image) throws ImageFailure {
    byte[] content = image.getAs(Schemas.CONTENT);
    if (content != null) {
      return content;
    }
    String path = image.getAs(Schemas.PATH);
    if (path == null) {
      throw new ImageFailure(
          ImageFailure.READ, null, "NoContent", "The row has neither content nor a path");
    }
    try {
      return read(new Path(path));
    } catch (IOException | RuntimeException e) {
      // File systems throw what they like; the task shall go on, and Spark's log not name the file.
      throw ImageFailure.of(ImageFailure.READ, null, e);
    }
  }

  /** {@code image_content}: the bytes of the file, or null where it cannot be read. */
  byte[] at(String path) {
    try {
      return path == null ? null : read(new Path(path));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  Configuration hadoop() {
    return hadoop.value().value();
  }

  private byte[] read(Path path) throws IOException {
    FileSystem files = withoutChecksum(path.getFileSystem(hadoop()), path);
    try (FSDataInputStream in = files.open(path)) {
      byte[] first = in.readNBytes(USUAL_BYTES);
      if (first.length < USUAL_BYTES) {
        return first;
      }
      long length = files.getFileStatus(path).getLen();
      if (length > MAX_BYTES) {
        throw new IOException("The file has %d bytes, more than %d".formatted(length, MAX_BYTES));
      }
      byte[] all = Arrays.copyOf(first, (int) length);
      in.readFully(all, first.length, all.length - first.length);
      return all;
    }
  }

  /** Hadoop looks for a checksum beside every local file, by an exception where there is none. */
  private static FileSystem withoutChecksum(FileSystem files, Path path) {
    return files instanceof LocalFileSystem local
            && !local.pathToFile(local.getChecksumFile(path)).exists()
        ? local.getRaw()
        : files;
  }
}
