package io.gradlens.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.field.FieldFile;
import io.gradlens.ode.StepControl;
import io.gradlens.udf.RunIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From code: data frames that are in no file. */
class TrajectoryGradientsTest {

  private static final StructType NESTED =
      new StructType()
          .add("trajectory_id", "string")
          .add("t", "array<float>")
          .add("y", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.DoubleType)));

  private static final StructType LONG =
      new StructType()
          .add("y2", "float")
          .add("trajectory_id", "int")
          .add("t", "double")
          .add("y1", "double")
          .add("note", "string");

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void bothLayoutsGiveTheSameRowsAndFingerprint() throws Exception {
    List<Row> nested = new ArrayList<>();
    List<Row> points = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int count = 2 + i % 4;
      List<Float> times = new ArrayList<>();
      List<List<Double>> states = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        float time = j / 4f;
        Double seen = j == 2 ? null : Math.sin(i + j);
        float other = (float) Math.cos(i * j);
        times.add(time);
        states.add(Arrays.asList(seen, (double) other));
        points.add(RowFactory.create(other, i, (double) time, seen, "x"));
      }
      nested.add(RowFactory.create("" + i, times, states));
    }
    Tally first = tally();
    Map<String, String> expected =
        rows(spark.createDataFrame(nested, NESTED).repartition(4), plan(), first);

    Tally second = tally();
    Map<String, String> got = rows(spark.createDataFrame(points, LONG).coalesce(1), plan(), second);

    assertThat(expected).hasSize(50);
    assertThat(got).isEqualTo(expected);
    assertThat(second.fingerprint()).hasToString(first.fingerprint().toString());
    assertThat(first.ok()).isEqualTo(50);
    assertThat(first.kernelSeconds()).isPositive();
  }

  @Test
  void nullsInPlaceOfArraysAreFlaws() throws Exception {
    List<Row> rows =
        List.of(
            RowFactory.create("no-times", null, List.of(List.of(1.0, 2.0))),
            RowFactory.create("no-states", List.of(0f, 1f), null),
            RowFactory.create(
                "null-state", List.of(0f, 1f), Arrays.asList(List.of(1.0, 2.0), null)),
            RowFactory.create(null, List.of(0f), List.of(List.of(1.0, 2.0))));

    Map<String, String> got = rows(spark.createDataFrame(rows, NESTED), plan(), tally());

    assertThat(got.get("no-times")).contains("BAD_DIMENSION,It has 0 times and 1 states");
    assertThat(got.get("no-states")).contains("BAD_DIMENSION");
    assertThat(got.get("null-state")).contains("BAD_DIMENSION,Point 2 has 0 components");
    assertThat(got.get("")).as("without an id").contains("TOO_SHORT");
  }

  @Test
  void sampleHasItsFractionAndNoNeighbours() throws Exception {
    CheckSample sample = new CheckSample(0.1, 3);
    CheckSample other = new CheckSample(0.1, 4);
    int chosen = 0;
    int both = 0;
    for (int i = 0; i < 20_000; i++) {
      UTF8String id = id("id" + i);
      chosen += sample.has(id) ? 1 : 0;
      both += sample.has(id) && other.has(id) ? 1 : 0;
    }
    // Six standard deviations: a false alarm in 10⁹.
    assertThat(chosen).isBetween(2000 - 255, 2000 + 255);
    assertThat(both).isBetween(200 - 85, 200 + 85);
    assertThat(new CheckSample(1, 0).has(id("a"))).isTrue();
    assertThat(new CheckSample(0, 0).has(id("a"))).isFalse();
  }

  private static UTF8String id(String text) {
    return UTF8String.fromString(text);
  }

  private GradientPlan plan() throws Exception {
    Path field = folder.resolve("field.conf");
    Files.writeString(field, "type = linear");
    return new GradientPlan(
        FieldFile.read(field),
        new SolverOptions("tsit5", 1e-6, 1e-8, null, 1000, StepControl.PER_TRAJECTORY, Engine.AUTO),
        new LossOptions(LossOptions.Kind.MSE, 1, new double[] {1}),
        GradientPlan.Method.DISCRETE,
        GradientPlan.Theta.GRADIENT,
        new CheckSample(0, 0));
  }

  private static Tally tally() {
    Tally tally = new Tally();
    spark.sparkContext().register(tally, "trajectories");
    return tally;
  }

  private static Map<String, String> rows(Dataset<Row> data, GradientPlan plan, Tally tally) {
    TrajectoryTable table = TrajectoryTable.of(data, "The data frame", 2);
    Map<String, String> rows = new TreeMap<>();
    for (Row row :
        TrajectoryGradients.of(table, plan, new RunIdentity("run", 1, "x"), tally)
            .collectAsList()) {
      rows.put(row.getString(1), row.toString());
    }
    return rows;
  }
}
