package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.udf.ExplainPlan.InputSize;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  @Test
  void batchIsTheLargestPowerOfTwoThatFits() {
    assertThat(BatchSize.fitting(1000, 100)).isEqualTo(8);
    assertThat(BatchSize.fitting(1600, 100)).isEqualTo(16);
    assertThat(BatchSize.fitting(99, 100)).as("one at least").isEqualTo(1);
    assertThat(BatchSize.fitting(Long.MAX_VALUE, 1)).isEqualTo(128);
  }

  @Test
  void withoutAGpuItIsTheDefault() {
    assertThat(BatchSize.fitting(0, 100)).isEqualTo(ExplainOptions.DEFAULT_BATCH_SIZE);
  }

  @Test
  void imageTakesAllLayersOutputsForwardAndBackForEveryTarget() {
    // Outputs of 4x4x3, 2x2x3 and 4 numbers of 4 bytes; one way forward and two back; twice.
    long bytes = BatchSize.bytesAnImage(new PatchModel(), new InputSize(16, 16, 3), 2);

    assertThat(bytes).isEqualTo((48 + 12 + 4) * 4 * 3 * 2);
  }
}
