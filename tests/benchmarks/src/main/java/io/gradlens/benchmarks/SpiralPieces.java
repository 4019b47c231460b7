package io.gradlens.benchmarks;

import io.gradlens.ode.Trajectories;
import io.gradlens.samples.NestedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pieces of the spiral, ten points each, in eight parts: in memory, or as a table of eight files.
 * The same count gives the same pieces.
 */
final class SpiralPieces {

  private static final int PARTS = 8;
  private static final int DIM = 2;

  private SpiralPieces() {}

  /** The pieces of all parts. */
  static List<Spiral> draw(int count) {
    return IntStream.range(0, PARTS)
        .mapToObj(part -> Spiral.draw(size(part, count), first(part, count)))
        .toList();
  }

  private static int first(int part, int count) {
    return (int) ((long) count * part / PARTS);
  }

  private static int size(int part, int count) {
    return first(part + 1, count) - first(part, count);
  }

  /** A folder with a table of them, written unless it is there. */
  static Path table(Path folder, int count) throws IOException {
    Path table = folder.resolve("trajectories-" + count);
    if (Files.exists(table)) {
      return table;
    }
    Path unfinished = Files.createDirectories(folder.resolve(table.getFileName() + ".tmp"));
    for (int part = 0; part < PARTS; part++) {
      Path file = unfinished.resolve("part-%d.parquet".formatted(part));
      write(file, first(part, count), Spiral.draw(size(part, count), first(part, count)));
    }
    return Files.move(unfinished, table);
  }

  private static void write(Path file, int first, Spiral pieces) throws IOException {
    Trajectories trajectories = pieces.trajectories();
    try (NestedFile rows = NestedFile.create(file)) {
      for (int i = 0; i < trajectories.count(); i++) {
        rows.write("piece-%08d".formatted(first + i), trajectories.times(i), states(pieces, i));
      }
    }
  }

  private static double[][] states(Spiral pieces, int i) {
    double[] targets = pieces.targets(i);
    return IntStream.range(0, targets.length / DIM)
        .mapToObj(j -> Arrays.copyOfRange(targets, DIM * j, DIM * (j + 1)))
        .toArray(double[][]::new);
  }
}
