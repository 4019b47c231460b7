package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputStoreTest {

  @TempDir static Path folder;

  static Stream<OutputStore> stores() throws IOException {
    var path = new org.apache.hadoop.fs.Path(folder.resolve("hadoop").toUri());
    FileSystem raw = new RawLocalFileSystem();
    raw.initialize(path.toUri(), new Configuration());
    return Stream.of(
        OutputStore.at(new org.apache.hadoop.fs.Path(folder + "/local"), new Configuration()),
        new HadoopStore(raw, path));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void filesAreReplacedInWholeAndCreatedOnce(OutputStore store) throws IOException {
    store.createFolder();
    assertThat(store.read("run.json")).isEmpty();
    store.replace("run.json", "one");
    store.replace("run.json", "two");
    assertThat(store.read("run.json")).contains("two");

    assertThat(store.createIfAbsent("lock", "mine")).isTrue();
    assertThat(store.createIfAbsent("lock", "yours")).isFalse();
    assertThat(store.read("lock")).contains("mine");
    store.delete("lock");
    store.delete("lock");
    assertThat(store.read("lock")).isEmpty();
  }

  @Test
  void oneOfManyThreadsCreatesALocalFile() throws Exception {
    OutputStore store = new LocalStore(folder);
    var pool = Executors.newFixedThreadPool(16);
    for (int round = 0; round < 50; round++) {
      String name = "lock" + round;
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String text = "owner " + i;
        tasks.add(() -> store.createIfAbsent(name, text));
      }
      int winners = 0;
      for (Future<Boolean> result : pool.invokeAll(tasks)) {
        winners += result.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
    pool.shutdown();
  }
}
