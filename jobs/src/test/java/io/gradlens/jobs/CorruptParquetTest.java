package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parquet files that are none: one line says which, and nothing else is said. */
class CorruptParquetTest {

  private static final String DAMAGED = "part-2.parquet";

  /** What has become of a file. */
  enum Damage {
    CUT_OFF {
      @Override
      byte[] of(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
      }
    },
    ONE_BYTE_SHORT {
      @Override
      byte[] of(byte[] whole) {
        return Arrays.copyOf(whole, whole.length - 1);
      }
    },
    EMPTY {
      @Override
      byte[] of(byte[] whole) {
        return new byte[0];
      }
    },
    TEXT {
      @Override
      byte[] of(byte[] whole) {
        return "trajectory_id,t,y1,y2\na,0,1,2\n".getBytes();
      }
    },
    /** Its length and the magic numbers are right. */
    FOOTER_OF_ZEROS {
      @Override
      byte[] of(byte[] whole) {
        byte[] zeros = whole.clone();
        int end = whole.length - 8;
        int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        Arrays.fill(zeros, end - length, end, (byte) 0);
        return zeros;
      }
    };

    abstract byte[] of(byte[] whole);
  }

  private TrajectoryWorkspace work;
  private Path folder;

  @BeforeEach
  void prepare(@TempDir Path root) throws Exception {
    work = new TrajectoryWorkspace(root);
    work.network();
    folder = Files.createDirectory(root.resolve("data"));
  }

  /** Three files, of which the second is damaged. */
  private Path files(Path table, Damage damage) throws IOException {
    try (var parts = Files.list(table)) {
      List<Path> whole = parts.filter(part -> part.toString().endsWith(".parquet")).toList();
      assertThat(whole).hasSize(3);
      for (int i = 0; i < 3; i++) {
        byte[] bytes = Files.readAllBytes(whole.get(i));
        Files.write(
            folder.resolve("part-" + (i + 1) + ".parquet"), i == 1 ? damage.of(bytes) : bytes);
      }
    }
    return folder.resolve(DAMAGED);
  }

  private void refused(String command, Path data, Object... options) {
    List<Object> all = new ArrayList<>(List.of("--field", work.folder.resolve("network.conf")));
    all.addAll(List.of(options));
    all.add(data);
    all.add(TrajectoryWorkspace.TOLERANCES);

    assertThat(work.run(command, all.toArray())).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).as(command).startsWith("gradlens: ").hasLineCount(1).contains(DAMAGED);
    assertThat(work.out).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void trajectoriesAreRefused(Damage damage) throws Exception {
    Path alone = files(work.nested("whole", TrajectoryWorkspace.trajectories(30), 3), damage);

    refused("ode-gradients", alone, "--trajectories");
    refused("ode-gradients", folder, "--trajectories");

    assertThat(work.err).contains("1 of its 3 files");
    assertThat(work.output.resolve("run.json")).doesNotExist();
  }

  @Test
  void whatShouldBeLearnedFromIsRefused() throws Exception {
    Path table = work.nested("whole", TrajectoryWorkspace.trajectories(30), 3);

    refused("ode-train", files(table, Damage.EMPTY), "--iterations", "2", "--trajectories");
    files(table, Damage.CUT_OFF);
    refused("ode-train", folder, "--iterations", "2", "--overwrite", "--trajectories");
  }

  @Test
  void initialStatesAreRefused() throws Exception {
    Path table = work.folder.resolve("initial");
    Workspace.spark()
        .range(0, 30, 1, 3)
        .selectExpr("cast(id as string) as trajectory_id", "array(1.0D, id / 10) as y0")
        .write()
        .parquet(table.toString());
    Path data = work.csv("data.csv", TrajectoryWorkspace.trajectories(3));
    Path alone = files(table, Damage.CUT_OFF);
    refused("ode-solve", alone, "--times", "0:1:2", "--initial");
    refused("ode-solve", folder, "--times", "0:1:2", "--initial");
    refused("ode-gradients", folder, "--trajectories", data, "--initial");
    assertThat(work.output.resolve("run.json")).doesNotExist();
  }
}
