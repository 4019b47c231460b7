package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableausTest {

  private static final List<List<RootedTree>> TREES = RootedTree.upTo(9);

  private static final double ROUNDING = 1e-12;

  /** What the next order is off at least: far above rounding, and below DOP853's 2.7e-5. */
  private static final double OFF = 1e-6;

  /** Orders of the dense outputs that are not cubic Hermite interpolants. */
  private static final Map<Tableaus, Integer> DENSE_ORDER =
      Map.of(Tableaus.DOPRI5, 4, Tableaus.TSIT5, 4, Tableaus.DOP853, 7);

  /** Their blend shrinks as h^(2·6 − 4), that of an embedded order 7. */
  private static final int[] DOP853_ESTIMATES = {5, 3};

  private static final List<Tableaus> FSAL =
      List.of(
          Tableaus.BOSH3, Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.KVAERNO3, Tableaus.KVAERNO5);

  @Test
  void treesAreAsManyAsCayleyCounted() {
    assertThat(TREES.stream().map(List::size)).containsExactly(0, 1, 1, 2, 4, 9, 20, 48, 115, 286);
    assertThat(TREES.get(4).stream().map(RootedTree::density))
        .containsExactlyInAnyOrder(4., 8., 12., 24.);
  }

  @ParameterizedTest
  @EnumSource
  void orderIsWhatIsClaimedAndNoMore(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    checkOrder(tableau, tableau.order(), 1, tableau::b);
  }

  @ParameterizedTest
  @EnumSource
  void errorEstimatesVanishUpToTheEmbeddedOrderAndNoFurther(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    assertThat(tableau.embeddedOrder() == 0).isEqualTo(tableau.estimates() == 0);
    for (int e = 0; e < tableau.estimates(); e++) {
      int estimate = e;
      int order = method == Tableaus.DOP853 ? DOP853_ESTIMATES[e] : tableau.embeddedOrder();
      checkOrder(tableau, order, 1, i -> tableau.b(i) - tableau.error(estimate, i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void denseOutputHasItsOrderAllOverTheStep(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    double[] w = new double[tableau.denseStages()];
    int order = DENSE_ORDER.getOrDefault(method, Math.min(3, tableau.order()));
    for (double x : new double[] {.05, .31, .5, .77, .96}) {
      tableau.denseWeights(x, w);
      checkOrder(tableau, order, x, i -> i < w.length ? w[i] : 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void denseSlopesAreTheDerivativesOfTheWeights(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    double step = 1e-5;
    double[] slopes = new double[tableau.denseStages()];
    double[] before = new double[tableau.denseStages()];
    double[] after = new double[tableau.denseStages()];
    for (double x = .02; x < 1; x += .12) {
      tableau.denseSlopes(x, slopes);
      tableau.denseWeights(x - step, before);
      tableau.denseWeights(x + step, after);
      for (int i = 0; i < slopes.length; i++) {
        assertThat((after[i] - before[i]) / (2 * step))
            .as("stage %d at %s", i, x)
            .isCloseTo(slopes[i], within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void denseOutputMeetsBothEndsAndTheirSlopes(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    double[] w = new double[tableau.denseStages()];
    tableau.denseWeights(0, w);
    assertThat(w).containsOnly(0);
    tableau.denseWeights(1, w);
    for (int i = 0; i < w.length; i++) {
      assertThat(w[i]).as("weight of stage %d at 1", i).isEqualTo(tableau.b(i));
    }
    tableau.denseSlopes(0, w);
    for (int i = 0; i < w.length; i++) {
      assertThat(w[i]).as("slope of stage %d at 0", i).isCloseTo(i == 0 ? 1 : 0, within(1e-14));
    }
    tableau.denseSlopes(1, w);
    for (int i = 0; i < w.length; i++) {
      assertThat(w[i])
          .as("slope of stage %d at 1", i)
          .isCloseTo(i == tableau.end() ? 1 : 0, within(1e-14));
    }
  }

  @ParameterizedTest
  @EnumSource
  void lastStageIsTheNextFirstWhereTheMethodIsFsal(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    assertThat(tableau.isFsal()).isEqualTo(FSAL.contains(method));
    assertThat(tableau.end()).isEqualTo(tableau.stages() - (tableau.isFsal() ? 1 : 0));
    assertThat(tableau.c(tableau.end())).isEqualTo(1);
    for (int j = 0; j < tableau.allStages(); j++) {
      assertThat(tableau.a(tableau.end(), j)).isEqualTo(tableau.b(j));
    }
    int forDense = method == Tableaus.DOP853 ? 3 : 0;
    assertThat(tableau.allStages()).isEqualTo(tableau.end() + 1 + forDense);
  }

  @ParameterizedTest
  @EnumSource(names = "KVAERNO.*", mode = EnumSource.Mode.MATCH_ALL)
  void kvaernosMethodsAreLStable(Tableaus method) {
    ButcherTableau tableau = method.tableau();
    int last = tableau.stages() - 1;
    // y₁ is the last stage and the embedded solution the one before, so R(z) is their growth.
    assertThat(tableau.end()).isEqualTo(last);
    assertThat(tableau.gamma()).isPositive();
    double[] limit = growthAtInfinity(tableau);
    assertThat(limit[last]).isCloseTo(0, within(1e-14));
    assertThat(Math.abs(limit[last - 1])).as("embedded").isLessThan(1);
    for (double y = 1e-3; y < 1e6; y *= 1.05) {
      double[] growth = growthOnImaginaryAxis(tableau, y);
      assertThat(growth[last]).as("|R(%si)|", y).isLessThan(1 + 1e-14);
      assertThat(growth[last - 1]).as("|R(%si)|, embedded", y).isLessThan(1 + 1e-14);
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreTheConstantsInLowerCase(Tableaus method) {
    String name = method.name().toLowerCase(Locale.ROOT);
    assertThat(method.tableau()).hasToString(name);
    assertThat(method.tableau().name()).isEqualTo(name);
    assertThat(Tableaus.named(name)).isSameAs(method.tableau());
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Tableaus.named("rk5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Solver 'rk5' is not known; solvers are: euler, midpoint, heun, rk4,")
        .hasMessageContaining("dopri5, tsit5");
  }

  /** torchdiffeq's quartic goes through y + h Σ mid_i k_i, with the weights of Shampine (1986). */
  @Test
  void dopri5PassesThroughShampinesMiddle() {
    double[] mid = {
      6025192743. / 30085553152.,
      0,
      51252292925. / 65400821598.,
      -2691868925. / 45128329728.,
      187940372067. / 1594534317056.,
      -1776094331. / 19743644256.,
      11237099. / 235043384.
    };
    double[] w = new double[7];
    Tableaus.DOPRI5.tableau().denseWeights(.5, w);
    for (int i = 0; i < 7; i++) {
      assertThat(w[i]).as("stage %d", i).isCloseTo(mid[i] / 2, within(1e-15));
    }
  }

  /** The polynomials as Tsitouras (2011) prints them, factored. */
  @Test
  void tsit5InterpolatesAsPublished() {
    double[] w = new double[7];
    for (double x : new double[] {.2, .5, .9}) {
      Tableaus.TSIT5.tableau().denseWeights(x, w);
      double[] published = {
        -1.0530884977290216
            * x
            * (x - 1.3299890189751412)
            * (x * x - 1.4364028541716351 * x + 0.7139816917074209),
        .1017 * x * x * (x * x - 2.1966568338249754 * x + 1.2949852507374631),
        2.490627285651252793 * x * x * (x * x - 2.38535645472061657 * x + 1.57803468208092486),
        -16.54810288924490272 * (x - 1.21712927295533244) * (x - 0.61620406037800089) * x * x,
        47.37952196281928122 * (x - 1.203071208372362603) * (x - 0.658047292653547382) * x * x,
        -34.87065786149660974 * (x - 1.2) * (x - 2 / 3.) * x * x,
        2.5 * (x - 1) * (x - .6) * x * x
      };
      assertThat(w).containsExactly(published, within(1e-14));
    }
  }

  /** Σ w_i Φ_i = x^n / γ for every tree of n ≤ order vertices, and not for all of order + 1. */
  private static void checkOrder(
      ButcherTableau tableau, int order, double x, IntToDoubleFunction w) {
    for (int n = 1; n <= order; n++) {
      for (RootedTree tree : TREES.get(n)) {
        assertThat(residual(tableau, tree, x, w))
            .as("%s at %s, tree %s", tableau, x, tree)
            .isLessThan(ROUNDING);
      }
    }
    double next = 0;
    for (RootedTree tree : TREES.get(order + 1)) {
      next = Math.max(next, residual(tableau, tree, x, w));
    }
    assertThat(next).as("%s at %s, order %d", tableau, x, order + 1).isGreaterThan(OFF);
  }

  /**
   * Y_i of y' = λy, y = 1 as λh goes to infinity: Σ_j a_ij Y_j = 0 in every stage but the first.
   */
  private static double[] growthAtInfinity(ButcherTableau tableau) {
    double[] growth = new double[tableau.stages()];
    growth[0] = 1;
    for (int i = 1; i < growth.length; i++) {
      for (int j = 0; j < i; j++) {
        growth[i] -= tableau.a(i, j) / tableau.gamma() * growth[j];
      }
    }
    return growth;
  }

  /** |Y_i| of y' = λy, y = 1 with z = λh = iy, from (1 − zγ) Y_i = 1 + z Σ_j a_ij Y_j, j &lt; i. */
  private static double[] growthOnImaginaryAxis(ButcherTableau tableau, double y) {
    int stages = tableau.stages();
    double[] re = new double[stages];
    double[] im = new double[stages];
    double[] growth = new double[stages];
    for (int i = 0; i < stages; i++) {
      double sumRe = 1;
      double sumIm = 0;
      for (int j = 0; j < i; j++) {
        sumRe -= y * tableau.a(i, j) * im[j];
        sumIm += y * tableau.a(i, j) * re[j];
      }
      double diagonal = y * tableau.a(i, i);
      double norm = 1 + diagonal * diagonal;
      re[i] = (sumRe - diagonal * sumIm) / norm;
      im[i] = (sumIm + diagonal * sumRe) / norm;
      growth[i] = Math.hypot(re[i], im[i]);
    }
    return growth;
  }

  private static double residual(
      ButcherTableau tableau, RootedTree tree, double x, IntToDoubleFunction w) {
    double[] phi = tree.weights(tableau);
    double sum = 0;
    for (int i = 0; i < phi.length; i++) {
      sum += w.applyAsDouble(i) * phi[i];
    }
    return Math.abs(sum - Math.pow(x, tree.vertices()) / tree.density());
  }
}
