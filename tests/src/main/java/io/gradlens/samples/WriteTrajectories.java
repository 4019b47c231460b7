package io.gradlens.samples;

import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.field.NetworkDescription;
import io.gradlens.samples.SampleTrajectories.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes data-samples/trajectories: a table in either layout, and a network. */
public final class WriteTrajectories {

  static final String FOLDER = "trajectories";

  private static final MessageType NESTED =
      MessageTypeParser.parseMessageType(
          """
          message trajectories {
            required binary trajectory_id (STRING);
            required group t (LIST) {
              repeated group list { required double element; }
            }
            required group y (LIST) {
              repeated group list {
                required group element (LIST) {
                  repeated group list { required double element; }
                }
              }
            }
          }
          """);

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

  static void parquet(Path file, List<Observed> trajectories) throws IOException {
    Path target = file.toAbsolutePath();
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(target.toUri()))
            .withConf(new Configuration())
            .withType(NESTED)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (Observed trajectory : trajectories) {
        writer.write(row(trajectory));
      }
    }
    Files.deleteIfExists(target.resolveSibling("." + target.getFileName() + ".crc"));
  }

  static Group row(Observed trajectory) {
    Group row = new SimpleGroupFactory(NESTED).newGroup();
    row.add("trajectory_id", trajectory.id());
    numbers(row.addGroup("t"), trajectory.times());
    Group states = row.addGroup("y");
    for (double[] state : trajectory.states()) {
      numbers(states.addGroup("list").addGroup("element"), state);
    }
    return row;
  }

  private static void numbers(Group list, double[] values) {
    for (double value : values) {
      list.addGroup("list").add("element", value);
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
