package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void lineTellsDoneTotalRateAndEta() {
    try (var progress = new Progress(out, false, "explained", "images", 5000, () -> 200L)) {
      assertThat(progress.line(1200, 100))
          .isEqualTo("explained 1,200/5,000 (24 %), 10.0 images/s, ETA 6 min 20 s");
      assertThat(progress.line(200, 1)).isEqualTo("explained 200/5,000 (4 %), 0.0 images/s");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).as("nothing for a short run").isEmpty();
  }

  @Test
  void terminalLineIsRewritten() {
    new Progress(out, true, "explained", "images", 10, () -> 10L).close();

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\rexplained 10/10")
        .hasLineCount(2);
  }

  @Test
  void durationsAreReadable() {
    assertThat(Progress.duration(59.4)).isEqualTo("59 s");
    assertThat(Progress.duration(61)).isEqualTo("1 min 1 s");
    assertThat(Progress.duration(7260)).isEqualTo("2 h 1 min");
  }
}
