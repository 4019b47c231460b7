package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.List;

/** Finds the events of all lanes, and puts trajectories where they restart. */
@Real
final class EventLocator {
  private static final double EPSILON =
      Precision.BYTES == Double.BYTES ? Math.ulp(1.0) : Math.ulp(1.0f);

  private final List<Event> events;
  private final Solution solution;
  private final RungeKutta method;
  private final Lanes lanes;
  private final EventSearch[] searches;
  private final boolean[] isRetaken;
  private final EventHit[] hits;

  EventLocator(List<Event> events, Solution solution, RungeKutta method, Lanes lanes) {
    this.events = events;
    this.solution = solution;
    this.method = method;
    this.lanes = lanes;
    searches = new EventSearch[events.isEmpty() ? 0 : lanes.count];
    for (int l = 0; l < searches.length; l++) {
      searches[l] = new EventSearch(events, method.dim, EPSILON);
    }
    isRetaken = new boolean[lanes.count];
    hits = new EventHit[lanes.count];
  }

  /** A trajectory starts in a lane. */
  void start(int l, double rtol, double span) {
    isRetaken[l] = false;
    if (searches.length > 0) {
      loadStart(l);
      searches[l].begin(rtol, span);
    }
  }

  /** Looks for events in the accepted steps; those that go past one are accepted no longer. */
  void look() {
    for (int l = 0; l < searches.length; l++) {
      isRetaken[l] = false;
      hits[l] = null;
      if (lanes.accepted[l]) {
        loadStart(l);
        searches[l].t1 = lanes.tNext[l];
        load(l, method.y1, searches[l].y1);
        load(l, method.k[method.tableau.end()], searches[l].slopes1);
        isRetaken[l] = !searches[l].look();
        lanes.accepted[l] = !isRetaken[l];
        lanes.atEvent[l] = isAt(l);
      } else {
        searches[l].forget();
      }
    }
  }

  private void loadStart(int l) {
    searches[l].t0 = lanes.t[l];
    load(l, lanes.y, searches[l].y0);
    load(l, method.k[0], searches[l].slopes0);
  }

  private void load(int l, @Real double[] all, double[] one) {
    for (int d = 0; d < one.length; d++) {
      one[d] = all[d * lanes.count + l];
    }
  }

  /** Whether the lane's step is to be taken again. */
  boolean isRetaken(int l) {
    return isRetaken[l];
  }

  /** Makes such steps end where they are to end. */
  void retake() {
    for (int l = 0; l < searches.length; l++) {
      if (isRetaken[l]) {
        lanes.tNext[l] = searches[l].target();
        lanes.h[l] = lanes.tNext[l] - lanes.t[l];
      }
    }
  }

  /** Whether the lane's accepted step ends at an event. */
  private boolean isAt(int l) {
    return searches.length > 0 && searches[l].found() >= 0;
  }

  /**
   * Notes the event that an accepted step has ended at, and restarts the trajectory.
   *
   * @return how the event ends the trajectory; null where it goes on
   */
  SolveStatus arrive(int l) {
    if (!isAt(l)) {
      return null;
    }
    SolveStatus verdict = searches[l].verdict();
    if (verdict == null || verdict == SolveStatus.TERMINATED) {
      double[] before = searches[l].y1.clone();
      double[] after = before.clone();
      RestartMap restart = events.get(searches[l].found()).restart();
      if (restart != null) {
        restart.apply(lanes.t[l], before, after);
        for (int d = 0; d < after.length; d++) {
          @Real double rounded = (@Real double) after[d];
          lanes.y[d * lanes.count + l] = rounded;
          after[d] = rounded;
        }
      }
      hits[l] = new EventHit(searches[l].found(), lanes.t[l], before, after);
      solution.happened(lanes.trajectory[l], hits[l]);
    }
    return verdict;
  }

  /** The event that the lane's last step has ended at; null if there is none. */
  EventHit hit(int l) {
    return hits[l];
  }

  /** Whether f is to be evaluated anew. */
  boolean restart(int l) {
    return isAt(l) && events.get(searches[l].found()).restart() != null;
  }

  /** It has been. */
  void restarted(int l) {
    if (restart(l)) {
      loadStart(l);
      searches[l].restart();
    }
  }
}
