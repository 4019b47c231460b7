package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.udf.ExplainPlan.InputSize;
import org.junit.jupiter.api.Test;

class PortionsTest {

  @Test
  void smallerImagesComeInLargerPortions() {
    assertThat(of(224, 2)).isEqualTo(new Portions(5000, 64));
    assertThat(of(1024, 2)).isEqualTo(new Portions(5000, 64));
    assertThat(of(112, 2)).isEqualTo(new Portions(20_000, 256));
    assertThat(of(32, 2)).isEqualTo(new Portions(40_000, 512));
    assertThat(of(1, 2)).isEqualTo(new Portions(40_000, 512));
  }

  @Test
  void shardsGrowWithTheCluster() {
    assertThat(of(224, 1000)).isEqualTo(new Portions(500_000, 64));
    assertThat(of(32, 1000).shard()).isEqualTo(500_000);
    assertThat(of(32, 1000).withShard(7)).isEqualTo(new Portions(7, 512));
  }

  @Test
  void everyCoreHasSeveralTasksOfMoreThanAFewImages() {
    Portions large = new Portions(40_000, 512);
    assertThat(large.tasks(40_000, 2)).isEqualTo(79);
    assertThat(large.tasks(5000, 16)).isEqualTo(64);
    assertThat(large.tasks(500, 2)).isEqualTo(8);
    assertThat(large.tasks(500, 16)).isEqualTo(16);
    assertThat(large.tasks(3, 16)).isEqualTo(3);
    assertThat(Portions.undivided().tasks(Integer.MAX_VALUE, 2)).isEqualTo(1 << 25);
  }

  private static Portions of(int side, int cores) {
    return Portions.of(new InputSize(side, side, 3), cores);
  }
}
