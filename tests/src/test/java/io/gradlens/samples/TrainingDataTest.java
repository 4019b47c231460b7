package io.gradlens.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.field.FieldFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ode-train learns from is what the generator writes. */
class TrainingDataTest {

  private static final Path FOLDER = DataSamplesTest.ROOT.resolve(WriteTrajectories.FOLDER);

  @Test
  void tablesAreThoseOfTheGenerator() throws Exception {
    for (Map.Entry<String, String> table : WriteTrainingData.tables().entrySet()) {
      assertThat(Files.readString(FOLDER.resolve(table.getKey())).equals(table.getValue()))
          .as(table.getKey())
          .isTrue();
    }
  }

  /** Held out are spirals without noise: the seen ones differ from them by the noise alone. */
  @Test
  void latentSpiralsAreSeenWithNoise() {
    Map<String, String> tables = WriteTrainingData.tables();
    Map<String, double[]> truth = new java.util.HashMap<>();
    for (String line : tables.get("latent-spirals-truth.csv").lines().skip(1).toList()) {
      String[] cells = line.split(",");
      truth.put(
          cells[0] + " " + cells[1],
          new double[] {Double.parseDouble(cells[2]), Double.parseDouble(cells[3])});
    }
    double squares = 0;
    int count = 0;
    for (String line : tables.get("latent-spirals.csv").lines().skip(1).toList()) {
      String[] cells = line.split(",");
      double[] y = truth.get(cells[0] + " " + cells[1]);
      if (cells[0].startsWith("test")) {
        squares += Math.pow(Double.parseDouble(cells[2]) - y[0], 2);
        squares += Math.pow(Double.parseDouble(cells[3]) - y[1], 2);
        count += 2;
      }
    }
    assertThat(count).isEqualTo(40 * 50 * 2);
    assertThat(Math.sqrt(squares / count)).isBetween(0.19, 0.21);
  }

  @Test
  void latentFieldIsReadable() {
    FieldFile file = FieldFile.read(FOLDER.resolve("latent-spirals.conf"));
    assertThat(file.latent().shape().latent()).isEqualTo(file.field().dim());
    assertThat(file.latent().shape().observed()).isEqualTo(2);
  }
}
