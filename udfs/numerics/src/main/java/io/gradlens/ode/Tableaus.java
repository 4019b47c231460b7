package io.gradlens.ode;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The registry of methods. A new one is a constant here; the tests of its order come along. Where
 * no dense output is named, it is the cubic Hermite interpolant.
 */
public enum Tableaus {
  /** y₁ = y + h f(t, y); order 1 (Euler 1768). With h = 1 a step is a residual block. */
  EULER(ButcherTableau.named("euler", 1).c(0).a(row()).b(1).build()),

  /** The slope at an Euler step to the middle; order 2 (Runge 1895). */
  MIDPOINT(ButcherTableau.named("midpoint", 2).c(0, .5).a(row(), row(.5)).b(0, 1).build()),

  /** The mean of the slopes at the start and at an Euler step's end; order 2 (Heun 1900). */
  HEUN(ButcherTableau.named("heun", 2).c(0, 1).a(row(), row(1)).b(.5, .5).build()),

  /** The classic method of four stages; order 4 (Kutta 1901). */
  RK4(
      ButcherTableau.named("rk4", 4)
          .c(0, .5, .5, 1)
          .a(row(), row(.5), row(0, .5), row(0, 0, 1))
          .b(1 / 6., 1 / 3., 1 / 3., 1 / 6.)
          .build()),

  /** Kutta's 3/8 rule, with smaller error terms for the same four stages; order 4 (Kutta 1901). */
  RK38(
      ButcherTableau.named("rk38", 4)
          .c(0, 1 / 3., 2 / 3., 1)
          .a(row(), row(1 / 3.), row(-1 / 3., 1), row(1, -1, 1))
          .b(1 / 8., 3 / 8., 3 / 8., 1 / 8.)
          .build()),

  /** Order 3(2), FSAL (Bogacki &amp; Shampine 1989, Appl. Math. Lett. 2, 321–325). */
  BOSH3(
      ButcherTableau.named("bosh3", 3)
          .c(0, 1 / 2., 3 / 4., 1)
          .a(row(), row(1 / 2.), row(0, 3 / 4.), row(2 / 9., 1 / 3., 4 / 9.))
          .b(2 / 9., 1 / 3., 4 / 9., 0)
          .error(2, row(2 / 9. - 7 / 24., 1 / 3. - 1 / 4., 4 / 9. - 1 / 3., -1 / 8.))
          .build()),

  /**
   * Order 2(1): the pair RK1(2) of Fehlberg (1969, NASA TR R-315), continued with its second order
   * as torchdiffeq's {@code fehlberg2} does. That one takes the third stage for the slope at the
   * end, here it is f(t + h, y₁).
   */
  FEHLBERG2(
      ButcherTableau.named("fehlberg2", 2)
          .c(0, 1 / 2., 1)
          .a(row(), row(1 / 2.), row(1 / 256., 255 / 256.))
          .b(1 / 512., 255 / 256., 1 / 512.)
          .error(1, row(-1 / 512., 0, 1 / 512.))
          .build()),

  /**
   * Order 5(4), FSAL (Dormand &amp; Prince 1980, J. Comput. Appl. Math. 6, 19–26), as torchdiffeq's
   * {@code dopri5} has it: Shampine's embedded weights, whose estimate is 2/3 of the original's,
   * and his quartic dense output of order 4 through y, y₁, their slopes and y at the middle
   * (Shampine 1986, Math. Comp. 46, 135–150). The quartic is that of Hairer, Nørsett &amp; Wanner's
   * DOPRI5 (1993, section II.6), given here by their weights.
   */
  DOPRI5(
      ButcherTableau.named("dopri5", 5)
          .c(0, 1 / 5., 3 / 10., 4 / 5., 8 / 9., 1, 1)
          .a(
              row(),
              row(1 / 5.),
              row(3 / 40., 9 / 40.),
              row(44 / 45., -56 / 15., 32 / 9.),
              row(19372 / 6561., -25360 / 2187., 64448 / 6561., -212 / 729.),
              row(9017 / 3168., -355 / 33., 46732 / 5247., 49 / 176., -5103 / 18656.),
              row(35 / 384., 0, 500 / 1113., 125 / 192., -2187 / 6784., 11 / 84.))
          .b(35 / 384., 0, 500 / 1113., 125 / 192., -2187 / 6784., 11 / 84., 0)
          .error(
              4,
              row(
                  35 / 384. - 1951 / 21600.,
                  0,
                  500 / 1113. - 22642 / 50085.,
                  125 / 192. - 451 / 720.,
                  -2187 / 6784. + 12231 / 42400.,
                  11 / 84. - 649 / 6300.,
                  -1 / 60.))
          .dense(
              row(
                  -12715105075. / 11282082432.,
                  0,
                  87487479700. / 32700410799.,
                  -10690763975. / 1880347072.,
                  701980252875. / 199316789632.,
                  -1453857185. / 822651844.,
                  69997945. / 29380423.))
          .build()),

  /**
   * Order 5(4), FSAL, with smaller error terms than {@link #DOPRI5}, and the quartic dense output
   * of order 4 published with it (Tsitouras 2011, Comput. Math. Appl. 62, 770–775). The decimals
   * are the nearest to coefficients known to more digits.
   */
  TSIT5(
      ButcherTableau.named("tsit5", 5)
          .c(0, .161, .327, .9, 0.9800255409045097, 1, 1)
          .a(
              row(),
              row(.161),
              row(-0.008480655492356989, 0.335480655492357),
              row(2.8971530571054935, -6.359448489975075, 4.3622954328695815),
              row(5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525),
              row(
                  5.86145544294642,
                  -12.92096931784711,
                  8.159367898576159,
                  -0.071584973281401,
                  -0.028269050394068383),
              row(
                  0.09646076681806523,
                  .01,
                  0.4798896504144996,
                  1.379008574103742,
                  -3.290069515436081,
                  2.324710524099774))
          .b(
              0.09646076681806523,
              .01,
              0.4798896504144996,
              1.379008574103742,
              -3.290069515436081,
              2.324710524099774,
              0)
          .error(
              4,
              row(
                  0.0017800110522257714,
                  0.0008164344596567469,
                  -0.007880878010261996,
                  0.1447110071732629,
                  -0.5823571654525552,
                  0.45808210592918694,
                  -1 / 66.))
          .dense(
              row(
                  -1.0530884977290216,
                  .1017,
                  2.490627285651253,
                  -16.548102889244902,
                  47.37952196281928,
                  -34.87065786149661,
                  2.5))
          .build()),

  /**
   * Order 8 with two error estimates of orders 5 and 3 and a dense output of order 7, for which
   * three stages more are needed (Hairer, Nørsett &amp; Wanner 1993, section II.5). The estimates,
   * with norms s₅ and s₃ in this order, are blended to h s₅² / √(s₅² + 0.01 s₃²), which shrinks as
   * h⁸.
   */
  DOP853(Dop853.tableau()),

  /**
   * ESDIRK of order 3(2), FSAL, L-stable and stiffly accurate; the embedded method is A-stable
   * (Kværnø 2004, BIT 44, 489–502).
   */
  KVAERNO3(kvaerno3()),

  /**
   * ESDIRK of order 5(4), FSAL, L-stable and stiffly accurate; the embedded method is A-stable
   * (Kværnø 2004, BIT 44, 489–502). Its third stage lies past the step's end: f is asked for up to
   * t + 1.24 h. Its dense output is of order 3 only.
   */
  KVAERNO5(kvaerno5());

  private final ButcherTableau tableau;

  Tableaus(ButcherTableau tableau) {
    this.tableau = tableau;
  }

  /** The method's coefficients. */
  public ButcherTableau tableau() {
    return tableau;
  }

  /**
   * Looks a method up by its {@link ButcherTableau#name}, which is the constant's in lower case.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  public static ButcherTableau named(String name) {
    for (Tableaus registered : values()) {
      if (registered.tableau.name().equals(name)) {
        return registered.tableau;
      }
    }
    throw new IllegalArgumentException(
        "Solver '%s' is not known; solvers are: %s."
            .formatted(
                name,
                Arrays.stream(values())
                    .map(registered -> registered.tableau.name())
                    .collect(Collectors.joining(", "))));
  }

  private static ButcherTableau kvaerno3() {
    // The root of 6γ³ − 18γ² + 9γ − 1 at which the method is L-stable.
    double g = 0.4358665215084590;
    double[] b = {
      (6 * g - 1) / (12 * g),
      1 / (12 * g * (1 - 2 * g)),
      (1 - 6 * g + 6 * g * g) / (3 * (1 - 2 * g)),
      g
    };
    double[] embedded = {(6 * g - 1 - 4 * g * g) / (4 * g), (1 - 2 * g) / (4 * g), g};
    return ButcherTableau.named("kvaerno3", 3)
        .c(0, 2 * g, 1, 1)
        .a(row(), row(g, g), embedded, b)
        .b(b)
        .error(2, difference(b, embedded))
        .build();
  }

  private static ButcherTableau kvaerno5() {
    double g = .26;
    double[] b = {
      0.13659751177640291,
      0,
      -0.05496908796538376,
      -0.04118626728321046,
      0.62993304899016403,
      0.06962479448202728,
      g
    };
    double[] embedded = {
      0.13855640231268224, 0, -0.04245337201752043, 0.02446657898003141, 0.61943039072480676, g
    };
    return ButcherTableau.named("kvaerno5", 5)
        .c(0, 2 * g, (3 + Math.sqrt(3)) * g, 0.89576598435007589, 0.43639360985864757, 1, 1)
        .a(
            row(),
            row(g, g),
            row(g / 2, 0.84033320996790809, g),
            row(0.22371961478320505, 0.47675532319799699, -0.06470895363112615, g),
            row(
                0.16648564323248321,
                0.10450018841591720,
                0.03631482272098715,
                -0.13090704451073998,
                g),
            embedded,
            b)
        .b(b)
        .error(4, difference(b, embedded))
        .build();
  }

  private static double[] difference(double[] b, double[] embedded) {
    double[] e = b.clone();
    for (int i = 0; i < embedded.length; i++) {
      e[i] -= embedded[i];
    }
    return e;
  }

  private static double[] row(double... values) {
    return values;
  }
}
