package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortionsTest {

  @Test
  void smallerImagesComeInLargerPortions() {
    assertThat(of(224, 2)).isEqualTo(new Portions(5000, 64, 8));
    assertThat(of(1024, 2)).isEqualTo(new Portions(5000, 64, 8));
    assertThat(of(112, 2)).isEqualTo(new Portions(20_000, 256, 8));
    assertThat(of(32, 2)).isEqualTo(new Portions(40_000, 512, 8));
    assertThat(of(1, 2)).isEqualTo(new Portions(40_000, 512, 8));
  }

  @Test
  void shardsGrowWithTheCluster() {
    assertThat(of(224, 1000)).isEqualTo(new Portions(500_000, 64, 8));
    assertThat(of(32, 1000).shard()).isEqualTo(500_000);
    assertThat(of(32, 1000).withShard(7)).isEqualTo(new Portions(7, 512, 8));
  }

  @Test
  void everyCoreHasAsManyTasksOfWholeBatches() {
    Portions large = of(32, 2);
    assertThat(large.inTask(40_000, 2)).isEqualTo(504);
    assertThat(large.tasks(40_000, 2)).isEqualTo(80);
    assertThat(large.inTask(5000, 16)).isEqualTo(80);
    assertThat(large.inTask(500, 2)).isEqualTo(64);
    assertThat(large.inTask(500, 16)).isEqualTo(32);
    assertThat(large.inTask(160, 2)).isEqualTo(40);
    assertThat(large.inTask(3, 16)).isEqualTo(8);
    assertThat(large.tasks(3, 16)).isEqualTo(1);
    assertThat(of(224, 2).inTask(5000, 2)).isEqualTo(64);
    assertThat(Portions.of(224 * 224, 128, 2).inTask(5000, 2)).isEqualTo(128);
    assertThat(Portions.undivided().tasks(Integer.MAX_VALUE, 2)).isEqualTo(1 << 25);
  }

  private static Portions of(int side, int cores) {
    return Portions.of(side * side, 8, cores);
  }
}
