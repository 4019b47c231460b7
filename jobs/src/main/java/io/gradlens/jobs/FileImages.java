package io.gradlens.jobs;

import io.gradlens.udf.Schemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Pictures in files: the rows hold paths, and executors read the files. */
record FileImages(List<Shard> shards, long ignored) implements ImageSource {

  /**
   * Of the first shard, which is small: that results can be written, and what they look like, shows
   * soon, and what a first write makes the JVM load is there from then on.
   */
  private static final int FIRST_SHARD = 500;

  static FileImages of(FileListing listing, Labels labels, long limit, Portions portions) {
    List<String> files =
        listing.images().subList(0, (int) Math.min(limit, listing.images().size()));
    List<Shard> shards = new ArrayList<>();
    int to;
    for (int from = 0; from < files.size(); from = to) {
      long size = from == 0 ? Math.min(FIRST_SHARD, portions.shard()) : portions.shard();
      to = (int) Math.min(from + size, files.size());
      shards.add(new Files(files.subList(from, to), labels, portions));
    }
    return new FileImages(shards, listing.ignored());
  }

  private record Files(List<String> paths, Labels labels, Portions portions) implements Shard {

    @Override
    public long size() {
      return paths.size();
    }

    @Override
    public Dataset<Row> images(SparkSession spark) {
      var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      List<Row> rows =
          paths.stream().map(path -> RowFactory.create(path, null, labels.of(path, null))).toList();
      int size = portions.inTask(rows.size(), context.defaultParallelism());
      List<List<Row>> tasks = new ArrayList<>();
      for (int from = 0; from < rows.size(); from += size) {
        tasks.add(new ArrayList<>(rows.subList(from, Math.min(from + size, rows.size()))));
      }
      return spark.createDataFrame(
          context.parallelize(tasks, tasks.size()).flatMap(List::iterator), Schemas.IMAGES);
    }
  }
}
