package io.gradlens.ode.adjoint;

import io.gradlens.ode.EventHit;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.Solution;
import java.util.Arrays;
import java.util.List;

/**
 * Where a backward solve stops: at the observations that a trajectory has reached and its events,
 * in the order of the forward solve. What is observed at an event is the state before it.
 */
final class Stations {
  private final Solution solution;

  /** An observation's place, or −1 minus that of an event. */
  private final int[][] places;

  Stations(Solution solution) {
    this.solution = solution;
    places = new int[solution.count()][];
    for (int i = 0; i < places.length; i++) {
      places[i] = merge(solution, i);
    }
  }

  private static int[] merge(Solution solution, int i) {
    double[] ts = solution.times(i);
    List<EventHit> events = solution.events(i);
    double reached = solution.reached(i);
    double direction = Math.signum(ts[ts.length - 1] - ts[0]);
    int[] merged = new int[ts.length + events.size()];
    int size = 0;
    int event = 0;
    for (int time = 0;
        time < ts.length && LaneTimes.isPassed(ts[time], reached, direction);
        time++) {
      while (event < events.size() && (events.get(event).t() - ts[time]) * direction < 0) {
        merged[size++] = -1 - event++;
      }
      merged[size++] = time;
    }
    while (event < events.size()) {
      merged[size++] = -1 - event++;
    }
    return Arrays.copyOf(merged, size);
  }

  int count(int trajectory) {
    return places[trajectory].length;
  }

  /** The place of an observation; negative for an event. */
  int observation(int trajectory, int station) {
    return places[trajectory][station];
  }

  /** The place of an event among the trajectory's. */
  int event(int trajectory, int station) {
    return -1 - places[trajectory][station];
  }

  double t(int trajectory, int station) {
    int place = places[trajectory][station];
    return place >= 0
        ? solution.times(trajectory)[place]
        : solution.events(trajectory).get(-1 - place).t();
  }

  double y(int trajectory, int station, int component) {
    int place = places[trajectory][station];
    return place >= 0
        ? solution.y(trajectory, place, component)
        : solution.events(trajectory).get(-1 - place).before()[component];
  }
}
