package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Images to learn from, all at once: a table, a folder with a folder for every class, or a CSV. */
record LabelledImages(FileListing listing, String labels, Configuration hadoop) {

  /**
   * Looks what is there.
   *
   * @param labels where labels come from, or null for a table's column, else folders
   * @throws UserInputException if there is nothing, or a class folder without images
   */
  static LabelledImages of(String location, String labels, Configuration hadoop) {
    FileListing listing = FileListing.of(location, hadoop);
    boolean isFolders =
        listing.tables().isEmpty() && (labels == null || labels.equals("parent-folder"));
    if (isFolders) {
      requireImagesInFolders(listing, hadoop);
    }
    return new LabelledImages(listing, isFolders ? "parent-folder" : labels, hadoop);
  }

  private static void requireImagesInFolders(FileListing listing, Configuration hadoop) {
    TreeSet<String> empty = new TreeSet<>();
    try {
      Path root = new Path(listing.root());
      FileSystem files = root.getFileSystem(hadoop);
      for (FileStatus each : files.listStatus(root)) {
        String name = each.getPath().getName();
        String folder = "/" + name + "/";
        boolean isHidden = name.startsWith(".") || name.startsWith("_");
        if (each.isDirectory()
            && !isHidden
            && listing.images().stream().noneMatch(image -> image.contains(folder))) {
          empty.add(name);
        }
      }
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot list the images in %s: %s.".formatted(listing.root(), e),
          "Cannot list the images in %s.".formatted(listing.root()),
          e);
    }
    if (!empty.isEmpty()) {
      throw new UserInputException(
          "Class folders without images in %s: %s; add images, or remove the folders."
              .formatted(listing.root(), String.join(", ", empty)));
    }
  }

  /** Files that are no images. */
  long ignored() {
    return listing.ignored();
  }

  /**
   * Rows of {@link io.gradlens.udf.Schemas#IMAGES}.
   *
   * @throws UserInputException if there are no labels, or the table is none of images
   */
  Dataset<Row> rows(SparkSession spark, long limit) {
    boolean isTable = !listing.tables().isEmpty();
    Labels from =
        Labels.parse(
            labels, isTable && TableImages.hasLabels(spark, listing), listing.root(), hadoop);
    if (from instanceof Labels.None) {
      throw new UserInputException(
          "Images %s have no labels to learn from; give --labels column, parent-folder or FILE.csv."
              .formatted(listing.root()));
    }
    ImageSource source =
        isTable
            ? TableImages.of(spark, listing, from, limit, Portions.undivided())
            : FileImages.of(listing, from, limit, Portions.undivided());
    List<Dataset<Row>> shards = source.shards().stream().map(each -> each.images(spark)).toList();
    return shards.stream().reduce(Dataset::union).orElseThrow();
  }
}
