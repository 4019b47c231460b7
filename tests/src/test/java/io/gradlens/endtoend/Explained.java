package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.udf.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What {@code explain} has written into a folder. */
record Explained(SparkSession spark, Path folder) {

  /** Rows without run and uri, by file name, target, layer and method; each once. */
  Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    for (Row row : rows("explanations")) {
      String key =
          "%s %d %s %s"
              .formatted(
                  name(row),
                  row.<Integer>getAs(Schemas.TARGET_INDEX),
                  row.<String>getAs(Schemas.LAYER),
                  row.<String>getAs(Schemas.METHOD));
      int afterUri = row.fieldIndex(Schemas.IMAGE_URI) + 1;
      assertThat(content.put(key, row.toSeq().drop(afterUri).toString())).as(key).isNull();
    }
    return content;
  }

  /** The names of the files that failed, as often as they are there. */
  List<String> failures() {
    return rows("failures").stream().map(Explained::name).sorted().toList();
  }

  List<Row> rows(String table) {
    return spark.read().parquet(folder.resolve(table).toString()).collectAsList();
  }

  static String name(Row row) {
    String uri = row.getAs(Schemas.IMAGE_URI);
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** What run.json says. */
  JsonNode record() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("run.json").toFile());
  }

  /** Waits until the run that a process does has committed so many shards, or has ended. */
  void awaitShards(Process process, int shards) throws Exception {
    Path record = folder.resolve("run.json");
    while (process.isAlive()
        && (!Files.exists(record) || record().get("shards_done").asInt() < shards)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
