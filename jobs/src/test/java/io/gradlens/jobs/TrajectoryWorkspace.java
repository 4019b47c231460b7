package io.gradlens.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.trajectory.TrajectorySchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A folder with a field and trajectories, and the command line on top of it. */
final class TrajectoryWorkspace {

  static final StructType NESTED =
      new StructType()
          .add("trajectory_id", "string")
          .add("t", "array<double>")
          .add("y", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.DoubleType)));

  /** The options that every call needs, so that a test can say what it is about. */
  static final String[] TOLERANCES = {"--rtol", "1e-8", "--atol", "1e-10"};

  final Path folder;
  final Path output;

  /** What the last command printed. */
  String out;

  String err;

  TrajectoryWorkspace(Path folder) {
    this.folder = folder;
    output = folder.resolve("out");
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A network 2-8-2 with tanh. */
  Path network() throws IOException {
    return write(
        "network.conf",
        "type = mlp, dim = 2, hidden = [8], activation = tanh,"
            + " initial { distribution = glorot, seed = 4 }");
  }

  /** A trajectory of random length, times and states; the same for the same number. */
  static Row trajectory(int number) {
    Random random = new Random(number);
    int points = 2 + random.nextInt(6);
    double[] t = random.doubles(points, 0, 2).sorted().toArray();
    double[][] y = new double[points][];
    for (int i = 0; i < points; i++) {
      y[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
    }
    return row("id-%03d".formatted(number), t, y);
  }

  static Row row(String id, double[] t, double[]... y) {
    return RowFactory.create(id, t, Arrays.asList(y));
  }

  static List<Row> trajectories(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(trajectory(i));
    }
    return rows;
  }

  /** Writes a table in the nested layout, in so many files. */
  Path nested(String name, List<Row> rows, int files) {
    Path table = folder.resolve(name);
    Workspace.spark()
        .createDataFrame(rows, NESTED)
        .repartition(files)
        .write()
        .parquet(table.toString());
    return table;
  }

  /** Writes a table in the long layout; NaN is an empty cell. */
  Path csv(String name, List<Row> rows) throws IOException {
    StringBuilder lines = new StringBuilder("trajectory_id,t,y1,y2\n");
    for (Row row : rows) {
      double[] t = (double[]) row.get(1);
      List<double[]> y = row.getAs(2);
      for (int i = 0; i < t.length; i++) {
        lines.append(row.getString(0)).append(',').append(t[i]);
        for (double each : y.get(i)) {
          lines.append(',').append(Double.isNaN(each) ? "" : each);
        }
        lines.append('\n');
      }
    }
    return write(name, lines.toString());
  }

  /** A command with output and master, and more options. */
  int run(String command, Object... options) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--output", output.toString(), "--master", "local[2]"));
    for (Object option : options) {
      if (option instanceof String[] several) {
        args.addAll(List.of(several));
      } else {
        args.add(option.toString());
      }
    }
    return gradlens(args.toArray(String[]::new));
  }

  int gradlens(String... args) {
    CapturedCommand command = CapturedCommand.run(args);
    out = command.out();
    err = command.err();
    return command.status();
  }

  /** Rows of a table by id; each id once. */
  Map<String, Row> rows(String table) {
    Map<String, Row> rows = new TreeMap<>();
    for (Row row :
        Workspace.spark().read().parquet(output.resolve(table).toString()).collectAsList()) {
      if (rows.put(row.getAs(TrajectorySchemas.TRAJECTORY_ID), row) != null) {
        throw new AssertionError("Two rows for " + row);
      }
    }
    return rows;
  }

  /** The same as text, without the run. */
  Map<String, String> content(String table) {
    Map<String, String> content = new TreeMap<>();
    rows(table).forEach((id, row) -> content.put(id, row.toSeq().drop(1).toString()));
    return content;
  }

  JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(output.resolve(name).toFile());
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
    record.owner = new Owner(Owner.self().host(), dead.pid(), "long ago");
    Files.writeString(output.resolve("run.json"), record.toJson());
  }

  static double[] numbers(Row row, String column) {
    return row.<Double>getList(row.fieldIndex(column)).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
