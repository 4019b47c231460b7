package io.gradlens.jobs;

import io.gradlens.udf.Digests;
import io.gradlens.udf.ModelCache;
import io.gradlens.udf.PatchModel;
import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A folder with pictures and a model file, and the command line on top of it. */
final class Workspace implements AutoCloseable {

  final Path folder;
  final Path images;
  final Path output;
  final Path model;
  final PatchModel network = new PatchModel();

  /** What the last command printed. */
  String out;

  String err;

  private final ModelCache.Lease lease;

  Workspace(Path folder) throws IOException {
    this.folder = folder;
    images = Files.createDirectories(folder.resolve("images"));
    output = folder.resolve("out");
    model = Files.writeString(folder.resolve("model.bin"), UUID.randomUUID().toString());
    lease = ModelCache.acquire(Digests.sha256(model), () -> network);
  }

  /** Pictures of noise in two folders, {@code red} and {@code blue}. */
  Workspace withPictures(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      write("%s/%02d.png".formatted(i % 2 == 0 ? "red" : "blue", i), TestPictures.noise(i));
    }
    return this;
  }

  Path write(String name, byte[] content) throws IOException {
    Path file = images.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** {@code explain} with images, model and output, and more options. */
  int explain(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("explain", "--model", model.toString(), "--output", output.toString()));
    args.addAll(List.of("--master", "local[2]"));
    if (!List.of(more).contains("--images")) {
      args.addAll(List.of("--images", images.toString()));
    }
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  int run(String... args) {
    CapturedCommand command = CapturedCommand.run(args);
    out = command.out();
    err = command.err();
    return command.status();
  }

  static SparkSession spark() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  Dataset<Row> table(String name, StructType schema) {
    return spark().read().schema(schema).parquet(output.resolve(name).toString());
  }

  List<Row> explanations() {
    return table("explanations", Schemas.EXPLANATIONS).collectAsList();
  }

  List<Row> failures() {
    return table("failures", Schemas.FAILURES).collectAsList();
  }

  /** Rows without the run that they come from, by image, target, layer and method. */
  Map<String, String> content() {
    Map<String, String> rows = new TreeMap<>();
    for (Row row : explanations()) {
      String key =
          "%s %d %s %s"
              .formatted(
                  nameOf(row),
                  row.<Integer>getAs(Schemas.TARGET_INDEX),
                  row.<String>getAs(Schemas.LAYER),
                  row.<String>getAs(Schemas.METHOD));
      List<String> values = new ArrayList<>();
      for (int i = 3; i < row.size(); i++) {
        Object value = row.get(i);
        values.add(value instanceof byte[] bytes ? Digests.sha256(bytes) : String.valueOf(value));
      }
      if (rows.put(key, values.toString()) != null) {
        throw new AssertionError("Two rows for " + key);
      }
    }
    return rows;
  }

  /** The file names of images in a table, in order, as often as they are there. */
  static List<String> names(List<Row> rows) {
    return rows.stream().map(Workspace::nameOf).sorted().toList();
  }

  private static String nameOf(Row row) {
    String uri = row.getAs(Schemas.IMAGE_URI);
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  RunRecord record() throws IOException {
    return RunRecord.parse(Files.readString(output.resolve("run.json")));
  }

  /** Makes run.json say what it would if the process had been killed. */
  void pretendKilled() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    RunRecord record = record();
    record.status = RunRecord.Status.RUNNING;
    record.end = null;
    record.heartbeat = RunRecord.now();
    record.owner = new Owner(Owner.self().host(), dead.pid(), "long ago");
    Files.writeString(output.resolve("run.json"), record.toJson());
  }

  /** Deletes every other Parquet file of a table, as if it had not been written. */
  void loseEveryOtherFile(String table) throws IOException {
    List<Path> files = parquetFiles(table);
    for (int i = 0; i < files.size(); i += 2) {
      Files.delete(files.get(i));
      Path checksum = files.get(i).resolveSibling("." + files.get(i).getFileName() + ".crc");
      Files.deleteIfExists(checksum);
    }
  }

  List<Path> parquetFiles(String table) throws IOException {
    try (var files = Files.list(output.resolve(table))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  @Override
  public void close() {
    lease.close();
  }
}
