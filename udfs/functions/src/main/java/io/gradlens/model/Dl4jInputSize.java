package io.gradlens.model;

import io.gradlens.model.Dl4jModelReader.Step;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Window;
import io.gradlens.model.layer.Windowed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the input size of a DL4J model, which its file does not store, from the map that its first
 * dense layer flattens.
 *
 * <p>Rows do not mix with columns in a convolutional network, so each is searched alone. Several
 * sizes may give the same map; of those, one that every window tiles without remainder is taken,
 * then the one divisible by the highest power of 2, then the smallest.
 */
final class Dl4jInputSize {
  private static final int LARGEST = 1024;

  private Dl4jInputSize() {}

  /**
   * @param declared what is known already, −1 where it is not
   * @return {@code declared} with rows and columns filled in where a dense layer fixes them
   */
  static InputShape infer(InputShape declared, List<Step> steps) {
    Step flattening = steps.stream().filter(s -> s.checked() != null).findFirst().orElse(null);
    if (declared.height() >= 0 || flattening == null) {
      return declared;
    }
    int best = -1;
    int bestWidth = -1;
    for (int n = 1; n <= LARGEST; n++) {
      Probe probe = Probe.of(n, declared.channels(), steps, flattening);
      if (probe == null) {
        continue;
      }
      if (probe.map[0] == flattening.checked()[0]) {
        best = better(best, n, declared.channels(), steps, flattening);
      }
      if (probe.map[1] == flattening.checked()[1]) {
        bestWidth = better(bestWidth, n, declared.channels(), steps, flattening);
      }
    }
    return new InputShape(best, bestWidth, declared.channels());
  }

  private static int better(int best, int n, int channels, List<Step> steps, Step until) {
    if (best < 0) {
      return n;
    }
    int before = Probe.of(best, channels, steps, until).rank(best);
    return Probe.of(n, channels, steps, until).rank(n) > before ? n : best;
  }

  /** What a square input of one size becomes. */
  private record Probe(int[] map, boolean tiles) {

    int rank(int n) {
      return (tiles ? 100 : 0) + Integer.numberOfTrailingZeros(n);
    }

    /** Null where the size does not fit the network. */
    static Probe of(int n, int channels, List<Step> steps, Step until) {
      Map<String, int[]> shapes = new HashMap<>();
      boolean tiles = true;
      for (Step step : steps) {
        List<int[]> inputs = new ArrayList<>();
        for (String input : step.inputs()) {
          inputs.add(shapes.getOrDefault(input, new int[] {n, n, channels}));
        }
        if (step == until) {
          return new Probe(inputs.get(0), tiles);
        }
        try {
          for (Op op : step.ops()) {
            tiles &= !(op instanceof Windowed w) || tiles(w.window(), inputs.get(0)[0]);
            inputs = List.of(op.outputShape(inputs));
          }
        } catch (IllegalArgumentException e) {
          return null;
        }
        shapes.put(step.name(), inputs.get(0));
      }
      return null;
    }

    private static boolean tiles(Window w, int rows) {
      int effective = w.dilationH() * (w.kernelH() - 1) + 1;
      return (w.same() ? rows : rows + 2 * w.padH() - effective) % w.strideH() == 0;
    }
  }
}
