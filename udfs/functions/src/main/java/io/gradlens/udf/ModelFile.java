package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.model.ModelLoader;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A model's file and how executors come by it.
 *
 * @param sha256 of the file's bytes, in lower-case hexadecimal
 * @param path on the driver, or wherever executors share its file system
 * @param shippedName under which {@link SparkFiles} has it, or null where the path will do
 */
public record ModelFile(String sha256, String path, String shippedName) implements Serializable {

  /**
   * Finds a model's file, and copies it here first where it lies on another file system.
   *
   * @param location a path in Hadoop's default file system, or a URI of any that Hadoop knows
   * @throws UserInputException if there is no such file
   */
  public static ModelFile locate(String location, Configuration hadoop) {
    try {
      Path local = local(location, hadoop);
      if (!Files.isRegularFile(local) || !Files.isReadable(local)) {
        throw new UserInputException(
            "Model file %s is not there or not readable.".formatted(location));
      }
      return new ModelFile(Digests.sha256(local), local.toAbsolutePath().toString(), null);
    } catch (IOException e) {
      throw new UserInputException(
          "Model file %s cannot be read: %s.".formatted(location, e.getMessage()), e);
    }
  }

  private static Path local(String location, Configuration hadoop) throws IOException {
    var path = new org.apache.hadoop.fs.Path(location);
    FileSystem remote = path.getFileSystem(hadoop);
    if (remote.getUri().getScheme().equals("file")) {
      return Path.of(remote.makeQualified(path).toUri().getPath());
    }
    if (!remote.exists(path)) {
      throw new UserInputException("Model file %s is not there.".formatted(location));
    }
    Path copy = Files.createTempDirectory("gradlens-model").resolve(path.getName());
    copy.toFile().deleteOnExit();
    copy.getParent().toFile().deleteOnExit();
    remote.copyToLocalFile(false, path, new org.apache.hadoop.fs.Path(copy.toUri()), true);
    return copy;
  }

  /**
   * Gives every executor of a cluster the file, under a name that no other model has. In local mode
   * there is nothing to ship.
   */
  ModelFile ship(SparkContext spark) {
    if (spark.isLocal() || shippedName != null) {
      return this;
    }
    Path file = Path.of(path);
    String name = file.getFileName().toString();
    String unique = sha256.substring(0, 16) + name.substring(Math.max(0, name.lastIndexOf('.')));
    try {
      Path folder =
          Files.createDirectories(
              Path.of(
                  System.getProperty("java.io.tmpdir"),
                  "gradlens-" + ProcessHandle.current().pid()));
      Path shipped = folder.resolve(unique);
      if (!Files.exists(shipped)) {
        Files.copy(file, shipped);
        shipped.toFile().deleteOnExit();
        folder.toFile().deleteOnExit();
      }
      JavaSparkContext.fromSparkContext(spark).addFile(shipped.toUri().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy the model for the executors", e);
    }
    return new ModelFile(sha256, path, unique);
  }

  /** The model, loaded once in this JVM and shared by its tasks. */
  public ModelCache.Lease open() {
    return ModelCache.acquire(
        sha256,
        () ->
            ModelLoader.load(
                shippedName == null ? Path.of(path) : Path.of(SparkFiles.get(shippedName))));
  }
}
