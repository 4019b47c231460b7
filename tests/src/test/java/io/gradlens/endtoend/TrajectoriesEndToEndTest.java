package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.trajectory.TrajectorySchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ode-solve} and {@code ode-gradients} in processes of their own. */
class TrajectoriesEndToEndTest {

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() throws Exception {
    CommandLine.assumePackaged();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
  }

  @AfterAll
  static void stopSpark() {
    if (spark != null) {
      spark.stop();
    }
  }

  @Test
  void demosRunFromAnyFolder() throws Exception {
    requireDemo("ode-solve", "solutions", TrajectorySchemas.SOLUTIONS.fieldNames(), 4, 1);
    requireDemo(
        "ode-gradients", "trajectory_gradients", TrajectorySchemas.GRADIENTS.fieldNames(), 61, 3);

    JsonNode check = json("ode-gradients", "summary.json").get("gradient_check");
    assertThat(check.get("checked").asInt()).isBetween(5, 30);
    assertThat(check.get("largest").asDouble()).isLessThan(1e-8);
  }

  private void requireDemo(String command, String table, String[] columns, int ok, int failed)
      throws Exception {
    CommandLine.Result demo =
        CommandLine.run(
            folder,
            List.of(
                command,
                "--config",
                CommandLine.root().resolve("conf/" + command + "-demo.conf").toString(),
                "--output",
                folder.resolve(command).toString()));

    assertThat(demo.status()).as(demo.err()).isZero();
    assertThat(demo.out()).contains(folder.resolve(command).resolve(table).toString());
    Dataset<Row> rows = table(command, table);
    assertThat(rows.columns()).containsExactly(columns);
    assertThat(rows.count()).isEqualTo(ok + failed);
    JsonNode counts = json(command, "run.json").get("counts");
    assertThat(counts.get("ok").asInt()).isEqualTo(ok);
    assertThat(counts.get("failed").asInt()).isEqualTo(failed);
  }

  @Test
  void killedRunResumesToTheRowsOfARunThatWasNot() throws Exception {
    Path data = csv(400);
    assertThat(gradients("whole", data, "--master", "local[2]").status()).isZero();

    Process process =
        CommandLine.start(
            folder, args("killed", data, "--master", "local[1]", "--shard-size", "20"));
    Path record = folder.resolve("killed/run.json");
    while (process.isAlive() && (!Files.exists(record) || shardsDone(record) < 3)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    process.destroyForcibly().waitFor();
    assertThat(json("killed", "run.json").get("status").asText()).isEqualTo("RUNNING");

    CommandLine.Result resumed =
        gradients("killed", data, "--master", "local[2]", "--shard-size", "50");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(content("killed")).hasSize(400).isEqualTo(content("whole"));
    JsonNode end = json("killed", "run.json");
    assertThat(end.get("attempt").asInt()).isEqualTo(2);
    assertThat(end.get("counts").get("ok").asInt()).isEqualTo(400);
    assertThat(end.get("counts").get("skipped").asInt()).isBetween(60, 399);
    assertThat(end.get("data_fingerprint"))
        .isEqualTo(json("whole", "run.json").get("data_fingerprint"));
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    CommandLine.Result noTolerances = CommandLine.run(folder, args("out", csv(1)).subList(0, 7));
    assertThat(noTolerances.status()).isEqualTo(2);
    assertThat(noTolerances.err()).hasLineCount(1).contains("--rtol and --atol", "1e-6");

    Files.writeString(folder.resolve("field.conf"), "type = sir\nparameters { beta = ] }\n");
    CommandLine.Result badField = gradients("out", csv(1));
    assertThat(badField.status()).isEqualTo(2);
    assertThat(badField.err()).hasLineCount(1).contains("field.conf, line 2, column 21");
  }

  private CommandLine.Result gradients(String output, Path data, String... options)
      throws Exception {
    return CommandLine.run(folder, args(output, data, options));
  }

  private List<String> args(String output, Path data, String... options) throws Exception {
    Path field = folder.resolve("field.conf");
    if (!Files.exists(field)) {
      Files.writeString(field, "type = lorenz");
    }
    List<String> args =
        new ArrayList<>(
            List.of(
                "ode-gradients",
                "--field",
                field.toString(),
                "--trajectories",
                data.toString(),
                "--output",
                folder.resolve(output).toString()));
    args.addAll(List.of("--rtol", "1e-9", "--atol", "1e-9", "--grad-theta"));
    args.addAll(List.of(options));
    return args;
  }

  private Path csv(int count) throws Exception {
    StringBuilder lines = new StringBuilder("trajectory_id,t,y1,y2,y3\n");
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      for (int point = 0; point < 3 + i % 3; point++) {
        lines.append("lorenz-%04d,%s".formatted(i, point / 10.0));
        for (int d = 0; d < 3; d++) {
          lines.append(',').append(random.nextGaussian());
        }
        lines.append('\n');
      }
    }
    return Files.writeString(folder.resolve("data.csv"), lines);
  }

  private Map<String, String> content(String output) {
    Map<String, String> content = new TreeMap<>();
    for (Row row : table(output, "trajectory_gradients").collectAsList()) {
      String id = row.getAs(TrajectorySchemas.TRAJECTORY_ID);
      assertThat(content.put(id, row.toSeq().drop(1).toString())).as(id).isNull();
    }
    return content;
  }

  private Dataset<Row> table(String output, String name) {
    return spark.read().parquet(folder.resolve(output).resolve(name).toString());
  }

  private JsonNode json(String output, String name) throws Exception {
    return new ObjectMapper().readTree(folder.resolve(output).resolve(name).toFile());
  }

  private static int shardsDone(Path record) throws Exception {
    return new ObjectMapper().readTree(record.toFile()).get("shards_done").asInt();
  }
}
