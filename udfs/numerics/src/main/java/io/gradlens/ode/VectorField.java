package io.gradlens.ode;

import io.gradlens.kernel.Real;

/**
 * The right-hand side of an ordinary differential equation, dy/dt = f(t, y), for many trajectories
 * at once.
 *
 * <p>A state is a structure of arrays: with n lanes (a lane is a trajectory), component i of lane l
 * stands at {@code y[i * n + l]}, and n is {@code t.length}. Lanes beyond the trajectories in hand
 * hold copies of valid ones. A lane's result must depend on that lane's t and y only, by the same
 * operations for every n, so that results do not depend on what else is in a batch.
 *
 * <p>An implementation is a loop over lanes. HotSpot 17 turns it into vectors only where all rows
 * that it touches begin at the same offset, so this one runs number by number (to copy rows into
 * arrays of their own and loop over those is often faster):
 *
 * <pre>{@code
 * public void apply(double[] t, double[] y, double[] dydt) {
 *   int n = t.length;
 *   for (int l = 0; l < n; l++) {
 *     dydt[l] = y[n + l];
 *     dydt[n + l] = -y[l];
 *   }
 * }
 * }</pre>
 *
 * <p>An instance may hold scratch memory, so it belongs to one thread at a time.
 */
@Real
public interface VectorField {

  /** Components of a state, d. */
  int dim();

  /**
   * Computes f.
   *
   * @param t the time of every lane, {@code [n]}
   * @param y the states, {@code [d][n]}, only read
   * @param dydt overwritten, {@code [d][n]}
   */
  void apply(double[] t, @Real double[] y, @Real double[] dydt);

  /**
   * How many of the last components f does not read: pure integrals along the way. Solvers do not
   * form them at inner stages.
   */
  default int quadratures() {
    return 0;
  }
}
