package io.gradlens.samples;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A Parquet file of trajectories in the nested layout, {@code trajectory_id string, t
 * array<double>, y array<array<double>>}, written without Spark: the same rows give the same bytes.
 */
public final class NestedFile implements Closeable {

  private static final MessageType ROWS =
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

  private final Path checksum;
  private final ParquetWriter<Group> writer;

  private NestedFile(Path checksum, ParquetWriter<Group> writer) {
    this.checksum = checksum;
    this.writer = writer;
  }

  /** Begins a file; one that is there is overwritten. */
  public static NestedFile create(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    return new NestedFile(
        target.resolveSibling("." + target.getFileName() + ".crc"),
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(target.toUri()))
            .withConf(new Configuration())
            .withType(ROWS)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build());
  }

  /**
   * Adds a row.
   *
   * @param states at each of the times, {@code [time][dim]}
   */
  public void write(String id, double[] times, double[][] states) throws IOException {
    writer.write(row(id, times, states));
  }

  static Group row(String id, double[] times, double[][] states) {
    Group row = new SimpleGroupFactory(ROWS).newGroup();
    row.add("trajectory_id", id);
    numbers(row.addGroup("t"), times);
    Group list = row.addGroup("y");
    for (double[] state : states) {
      numbers(list.addGroup("list").addGroup("element"), state);
    }
    return row;
  }

  private static void numbers(Group list, double[] values) {
    for (double value : values) {
      list.addGroup("list").add("element", value);
    }
  }

  /** Ends the file, and drops the checksum that Hadoop puts beside it. */
  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(checksum);
  }
}
