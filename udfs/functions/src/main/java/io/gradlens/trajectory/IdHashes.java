package io.gradlens.trajectory;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * Whether all ids of a table differ, by 64-bit hashes of them: those travel between tasks,
 * thousands at a time, where a grouping of the ids would send rows. Reading a million ids included
 * it takes a third of a second of processor time; the grouping takes three to four times that.
 */
public final class IdHashes {

  private static final long SEED = 42;

  /** Hashes that are sent at a time, 32 kB. */
  private static final int CHUNK = 4096;

  /** As many lists are gathered by a task at most, 32 MB. */
  private static final int MOST_LISTS = 1024;

  private IdHashes() {}

  /**
   * Reads all ids.
   *
   * @param ids one column of text without nulls
   * @return true if they differ; false if two are the same, or only have the same hash, which
   *     happens among n ids with a probability of n²/2⁶⁵
   */
  public static boolean allDiffer(Dataset<Row> ids) {
    JavaRDD<InternalRow> rows = ids.queryExecution().toRdd().toJavaRDD();
    int lists = Math.max(1, Math.min(MOST_LISTS, rows.getNumPartitions()));
    return rows
        .mapPartitionsToPair(in -> new Chunks(in, lists))
        .partitionBy(new HashPartitioner(lists))
        .mapPartitions(chunks -> List.of(differ(chunks)).iterator())
        .collect()
        .stream()
        .allMatch(differ -> differ);
  }

  private static boolean differ(Iterator<Tuple2<Integer, long[]>> chunks) {
    long[] all = new long[CHUNK];
    int count = 0;
    while (chunks.hasNext()) {
      long[] chunk = chunks.next()._2();
      if (all.length < count + chunk.length) {
        all = Arrays.copyOf(all, 2 * (count + chunk.length));
      }
      System.arraycopy(chunk, 0, all, count, chunk.length);
      count += chunk.length;
    }
    Arrays.sort(all, 0, count);
    for (int i = 1; i < count; i++) {
      if (all[i] == all[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /** Hashes of a task's ids, in chunks by the list that they belong to. */
  private static final class Chunks implements Iterator<Tuple2<Integer, long[]>> {

    private final Iterator<InternalRow> rows;
    private final long[][] chunks;
    private final int[] counts;
    private int ended;

    Chunks(Iterator<InternalRow> rows, int lists) {
      this.rows = rows;
      chunks = new long[lists][];
      counts = new int[lists];
    }

    @Override
    public boolean hasNext() {
      while (ended < chunks.length && counts[ended] == 0 && !rows.hasNext()) {
        ended++;
      }
      return ended < chunks.length;
    }

    @Override
    public Tuple2<Integer, long[]> next() {
      while (rows.hasNext()) {
        long hash = hash(rows.next().getUTF8String(0));
        int list = (int) ((hash >>> 32) % chunks.length);
        if (chunks[list] == null) {
          chunks[list] = new long[CHUNK];
        }
        chunks[list][counts[list]++] = hash;
        if (counts[list] == CHUNK) {
          return taken(list);
        }
      }
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return taken(ended);
    }

    private Tuple2<Integer, long[]> taken(int list) {
      long[] chunk = Arrays.copyOf(chunks[list], counts[list]);
      counts[list] = 0;
      return new Tuple2<>(list, chunk);
    }

    private static long hash(UTF8String id) {
      return XXH64.hashUnsafeBytes(id.getBaseObject(), id.getBaseOffset(), id.numBytes(), SEED);
    }
  }
}
