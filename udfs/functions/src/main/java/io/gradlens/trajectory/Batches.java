package io.gradlens.trajectory;

import io.gradlens.ode.Trajectories;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which trajectories are solved together, and their form for the solver. */
final class Batches {

  private Batches() {}

  /**
   * Places of trajectories that are solved together: all of them, or where steps are shared those
   * of the same times.
   */
  static List<int[]> of(List<Trajectory> trajectories, boolean shareSteps) {
    if (!shareSteps) {
      return List.of(IntStream.range(0, trajectories.size()).toArray());
    }
    Map<DoubleBuffer, List<Integer>> byTimes = new LinkedHashMap<>();
    for (int i = 0; i < trajectories.size(); i++) {
      byTimes
          .computeIfAbsent(DoubleBuffer.wrap(trajectories.get(i).ts()), ts -> new ArrayList<>())
          .add(i);
    }
    return byTimes.values().stream()
        .map(places -> places.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** With zeros for augmented components. */
  static Trajectories trajectories(List<Trajectory> members, int dim) {
    double[] y0 = new double[members.size() * dim];
    double[][] ts = new double[members.size()][];
    for (int i = 0; i < ts.length; i++) {
      double[] start = members.get(i).y0();
      System.arraycopy(start, 0, y0, i * dim, start.length);
      ts[i] = members.get(i).ts();
    }
    return Trajectories.of(dim, y0, ts);
  }

  /** States {@code [time][from]} with more components, {@code [time][to]}. */
  static double[] widened(double[] states, int from, int to, double filling) {
    if (from == to) {
      return states;
    }
    double[] wide = new double[states.length / from * to];
    Arrays.fill(wide, filling);
    for (int i = 0; i < states.length / from; i++) {
      System.arraycopy(states, i * from, wide, i * to, from);
    }
    return wide;
  }
}
