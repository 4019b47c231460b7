package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileImagesTest {

  @Test
  void theFirstShardIsSmallAndTheOthersAreWhole() {
    assertThat(sizes(12_000, Long.MAX_VALUE, 5000)).containsExactly(500L, 5000L, 5000L, 1500L);
    assertThat(sizes(501, Long.MAX_VALUE, 5000)).containsExactly(500L, 1L);
    assertThat(sizes(1000, Long.MAX_VALUE, 300)).containsExactly(300L, 300L, 300L, 100L);
    assertThat(sizes(1000, 600, 5000)).containsExactly(500L, 100L);
    assertThat(sizes(3, Long.MAX_VALUE, 5000)).containsExactly(3L);
    assertThat(sizes(1000, Long.MAX_VALUE, Integer.MAX_VALUE)).containsExactly(500L, 500L);
  }

  private static List<Long> sizes(int images, long limit, int shardSize) {
    List<String> files = IntStream.range(0, images).mapToObj(i -> "file:/" + i).toList();
    FileListing listing = new FileListing("file:/", files, List.of(), 0);
    return FileImages.of(listing, null, limit, new Portions(shardSize, 64, 8)).shards().stream()
        .map(ImageSource.Shard::size)
        .toList();
  }
}
