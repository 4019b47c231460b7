package io.gradlens.ode;

import java.util.Arrays;

/**
 * The weights of a method's dense output, or their derivatives, at places in the step. The last few
 * are kept: lanes that share their steps ask for the same places one after the other.
 */
public final class DenseWeights {
  private static final int KEPT = 8;

  private final Formula formula;
  private final double[] places = new double[KEPT];
  private final double[][] weights;
  private int last;

  private DenseWeights(ButcherTableau tableau, Formula formula) {
    this.formula = formula;
    weights = new double[KEPT][tableau.denseStages()];
    Arrays.fill(places, Double.NaN);
  }

  /** {@link ButcherTableau#denseWeights}. */
  public static DenseWeights of(ButcherTableau tableau) {
    return new DenseWeights(tableau, tableau::denseWeights);
  }

  /** {@link ButcherTableau#denseSlopes}. */
  public static DenseWeights slopesOf(ButcherTableau tableau) {
    return new DenseWeights(tableau, tableau::denseSlopes);
  }

  /**
   * Those at x.
   *
   * @return read only, until the next call
   */
  public double[] at(double x) {
    for (int i = 1; i <= KEPT; i++) {
      int place = (last + i) % KEPT;
      if (places[place] == x) {
        last = place;
        return weights[place];
      }
    }
    last = (last + 1) % KEPT;
    formula.compute(x, weights[last]);
    places[last] = x;
    return weights[last];
  }

  /** Not one of the JDK's: those box x. */
  private interface Formula {
    void compute(double x, double[] w);
  }
}
