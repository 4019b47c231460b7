package io.gradlens.references;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.RealData;
import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.field.NetworkDescription;
import io.gradlens.jobs.Gradlens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code ode-gradients} from a CSV file to its table, beside torchdiffeq's gradients of the batch:
 * its loss is the mean of the trajectories' losses.
 */
class TorchdiffeqCommandTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "spiral_init_20, discrete",
    "spiral_init_20, backsolve",
    "spiral_trained_20, discrete",
    "wide_T1, discrete"
  })
  void gradientsOfTheBatchAgree(String name, String adjoint) throws Exception {
    TorchdiffeqCase given = new TorchdiffeqCase(RealData.path("ode/" + name + ".json"));
    boolean isSquared = given.json.get("loss").asText().equals("mean_squared_error");
    new FieldFile(
            new NetworkDescription(given.shape(), given.theta(), FieldPrecision.FLOAT64), List.of())
        .write(folder);

    int status =
        Gradlens.run(
            "ode-gradients",
            "--field=" + folder.resolve("field.json"),
            "--trajectories=" + Files.writeString(folder.resolve("data.csv"), csv(given)),
            "--initial=" + Files.writeString(folder.resolve("initial.csv"), initial(given)),
            "--loss=" + (isSquared ? "mse" : "mae"),
            "--adjoint=" + adjoint,
            "--grad-theta",
            "--rtol=1e-10",
            "--atol=1e-11",
            "--master=local[2]",
            "--output=" + folder.resolve("out"));

    assertThat(status).isZero();
    int batch = given.json.get("y0").size();
    double[] y0 = new double[given.y0.length];
    double[] theta = new double[given.theta().length];
    double loss = 0;
    for (Row row : rows()) {
      int i = Integer.parseInt(row.<String>getAs("trajectory_id"));
      loss += row.<Double>getAs("loss") / batch;
      List<Double> gradY0 = row.getList(row.fieldIndex("grad_y0"));
      for (int d = 0; d < given.dim; d++) {
        y0[i * given.dim + d] = gradY0.get(d) / batch;
      }
      List<Double> gradTheta = row.getList(row.fieldIndex("grad_theta"));
      for (int p = 0; p < theta.length; p++) {
        theta[p] += gradTheta.get(p) / batch;
      }
    }
    // What is left is the reference's own error: its tolerances are the looser ones.
    JsonNode expected = given.json.at("/gradients/direct_first_step_pinned");
    assertThat(loss / expected.get("loss_value").asDouble() - 1)
        .isBetween(-10 * given.rtol, 10 * given.rtol);
    requireNear(y0, TorchdiffeqCase.numbers(given.json.at("/gradients/adjoint/y0")), given.rtol);
    requireNear(theta, TorchdiffeqCase.theta(given.json.at("/gradients/adjoint")), given.rtol);
  }

  private List<Row> rows() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    return spark
        .read()
        .parquet(folder.resolve("out/trajectory_gradients").toString())
        .collectAsList();
  }

  private static void requireNear(double[] got, double[] expected, double rtol) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(got[i] - expected[i]));
      size = Math.max(size, Math.abs(expected[i]));
    }
    assertThat(difference / size).isLessThan(100 * rtol);
  }

  private static String csv(TorchdiffeqCase given) {
    double[] targets = TorchdiffeqCase.numbers(given.json.get("targets"));
    int batch = given.y0.length / given.dim;
    StringBuilder lines = new StringBuilder("trajectory_id,t" + states(given.dim) + "\n");
    for (int i = 0; i < batch; i++) {
      for (int j = 0; j < given.t.length; j++) {
        lines.append(i).append(',').append(given.t[j]);
        append(lines, targets, (j * batch + i) * given.dim, given.dim);
      }
    }
    return lines.toString();
  }

  private static String initial(TorchdiffeqCase given) {
    StringBuilder lines = new StringBuilder("trajectory_id" + states(given.dim) + "\n");
    for (int i = 0; i < given.y0.length / given.dim; i++) {
      lines.append(i);
      append(lines, given.y0, i * given.dim, given.dim);
    }
    return lines.toString();
  }

  private static void append(StringBuilder lines, double[] values, int from, int count) {
    for (int d = 0; d < count; d++) {
      lines.append(',').append(values[from + d]);
    }
    lines.append('\n');
  }

  private static String states(int dim) {
    StringBuilder names = new StringBuilder();
    for (int d = 1; d <= dim; d++) {
      names.append(",y").append(d);
    }
    return names.toString();
  }
}
