package io.gradlens.samples;

import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.field.NetworkDescription;
import io.gradlens.samples.SampleTrajectories.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes data-samples/trajectories: a table in either layout, and a network. */
public final class WriteTrajectories {

  static final String FOLDER = "trajectories";

  private WriteTrajectories() {}

  /**
   * Writes spirals.parquet, prey-and-predators.csv, network/ and SHA256SUMS.
   *
   * @param args the folder, data-samples unless given
   */
  public static void main(String[] args) throws IOException {
    Path dataSamples = Path.of(args.length > 0 ? args[0] : "data-samples");
    Path folder = Files.createDirectories(dataSamples.resolve(FOLDER));
    parquet(folder.resolve("spirals.parquet"), SampleTrajectories.spirals());
    Files.writeString(
        folder.resolve("prey-and-predators.csv"), csv(SampleTrajectories.preyAndPredators()));
    new FieldFile(
            new NetworkDescription(
                SampleTrajectories.NETWORK, SampleTrajectories.theta(), FieldPrecision.FLOAT64),
            List.of())
        .write(folder.resolve("network"));
    Checksums.write(dataSamples);
  }

  private static void parquet(Path file, List<Observed> trajectories) throws IOException {
    try (NestedFile rows = NestedFile.create(file)) {
      for (Observed trajectory : trajectories) {
        rows.write(trajectory.id(), trajectory.times(), trajectory.states());
      }
    }
  }

  /** A row a point; an empty cell where nothing was seen. */
  static String csv(List<Observed> trajectories) {
    StringBuilder lines = new StringBuilder("trajectory_id,t,y1,y2\n");
    for (Observed trajectory : trajectories) {
      for (int i = 0; i < trajectory.times().length; i++) {
        lines.append(trajectory.id()).append(',').append(trajectory.times()[i]);
        for (double value : trajectory.states()[i]) {
          lines.append(',').append(Double.isNaN(value) ? "" : value);
        }
        lines.append('\n');
      }
    }
    return lines.toString();
  }
}
