package io.gradlens.ode.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.gradlens.ode.DifferentiableField;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExpressionFieldTest {
  private static final String LOTKA_VOLTERRA = "dx = a*x - b*x*y; dy = c*x*y - d*y";
  private static final Map<String, Double> RATES = Map.of("a", 1.5, "b", 1.0, "c", 1.1, "d", 3.0);

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  private static double value(String expression, double x) {
    ExpressionField field = ExpressionField.parse("dx = " + expression, Map.of());
    double[] dydt = new double[1];
    field.apply(new double[] {0.25}, new double[] {x}, dydt);
    return dydt[0];
  }

  /** ∂/∂x of an expression, and with it that of q for v = 1, which is the second derivative. */
  private static double[] derivatives(String expression, double x) {
    ExpressionField field = ExpressionField.parse("dx = " + expression, Map.of());
    double[] one = {1};
    double[] first = new double[1];
    double[] second = new double[1];
    field.vjp(new double[1], new double[] {x}, one, first, null, new double[1]);
    field.quadraticFormVjp(new double[1], new double[] {x}, one, one, second, null, new double[1]);
    return new double[] {first[0], second[0]};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2*3 | 7",
        "2*3 - 4/8 | 5.5",
        "8/4/2 | 1",
        "8 - 4 - 2 | 2",
        "2^3^2 | 512",
        "-2^2 | -4",
        "-x^2 | -9",
        "(-x)^2 | 9",
        "2^-1 | 0.5",
        "2^-x | 0.125",
        "-x*-x | 9",
        "2 - -x | 5",
        "+x | 3",
        "x^0 | 1",
        "x^1 | 3",
        "x^-2 | 0.1111111111111111",
        "x^7 | 2187",
        "x^0.5 | 1.7320508075688772",
        "1e-3*x | 0.003",
        ".5E1 + 2. | 7",
        "sin(pi/2) | 1",
        "cos(0) | 1",
        "tan(0.5) | 0.5463024898437905",
        "tanh(x) | 0.9950547536867305",
        "exp(log(x)) | 3",
        "sqrt(x*3) | 3",
        "abs(-x) | 3",
        "pow(x, 2) | 9",
        "min(x, 2) | 2",
        "max(x, 2) | 3",
        "t | 0.25",
        "((((x)))) | 3",
        "x - x | 0",
        "x - -(-x) | 0",
        "0*x + 1*x/1 | 3",
      })
  void computesAsInMathematics(String expression, double expected) {
    assertThat(value(expression, 3)).isCloseTo(expected, within(1e-15 * Math.max(1, expected)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x^3 | 2 | 12 | 12",
        "1/x | 2 | -0.25 | 0.25",
        "exp(2*x) | 0 | 2 | 4",
        "log(x) | 2 | 0.5 | -0.25",
        "sqrt(x) | 4 | 0.25 | -0.03125",
        "x^x | 1 | 1 | 2",
        "2^x | 0 | 0.6931471805599453 | 0.4804530139182014",
        "tan(x) | 0 | 1 | 0",
        "tanh(x) | 0 | 1 | 0",
        "abs(x) | -2 | -1 | 0",
        "abs(x) | 0 | 0 | 0",
        "min(x, 2*x) | 0 | 1 | 0",
        "max(x, 2*x) | 0 | 1 | 0",
        "min(3, x*x) | 2 | 0 | 0",
        "max(3, x*x) | 2 | 4 | 2",
        "x^2 | 0 | 0 | 2",
        "x^2.5 | 0 | 0 | 0",
      })
  void differentiatesAsInMathematics(String expression, double x, double first, double second) {
    assertThat(derivatives(expression, x)[0]).isCloseTo(first, within(1e-15));
    assertThat(derivatives(expression, x)[1]).isCloseTo(second, within(1e-14));
  }

  /** As a Hill function's exponent has it where a concentration begins at 0. */
  @Test
  void theGradientOfAnExponentIsFiniteWhereTheBaseIs0() {
    ExpressionField field =
        ExpressionField.parse("dx = x^n / (k^n + x^n)", Map.of("k", 0.5, "n", 2.5));
    double[] gradTheta = new double[2];
    field.vjp(
        new double[1], new double[1], new double[] {1}, new double[1], gradTheta, new double[1]);
    assertThat(gradTheta).containsExactly(0, 0);
    field.quadraticFormVjp(
        new double[1],
        new double[1],
        new double[] {1},
        new double[] {1},
        new double[1],
        gradTheta,
        new double[1]);
    assertThat(gradTheta).containsExactly(0, 0);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomFormulasComputeWhatPlainJavaDoes(long seed) {
    RandomFormulas.System system = new RandomFormulas(seed).next();
    ExpressionField field = system.field();
    Random random = new Random(seed);
    double[] y = FieldChecks.uniform(random, 3, 0.5, 1.5);
    double[] t = {random.nextDouble()};
    double[] dydt = new double[3];
    field.apply(t, y, dydt);
    double[] names = {
      y[0],
      y[1],
      y[2],
      t[0],
      RandomFormulas.parameter("a"),
      RandomFormulas.parameter("b"),
      RandomFormulas.parameter("c")
    };
    for (int i = 0; i < 3; i++) {
      double expected = system.slopes()[i].at(names);
      assertThat(dydt[i])
          .as("seed %d, %s", seed, system.text())
          .isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomFormulasKeepTheContract(long seed) {
    RandomFormulas.System system = new RandomFormulas(seed).next();
    ExpressionField field = system.field();
    String text = system.text();
    FieldChecks.vjpMatchesCentralDifferences(field, seed, text);
    FieldChecks.gradientsAreAddedAndInputsOnlyRead(field, seed);
    FieldChecks.quadraturesAreNotRead(field, seed);
    FieldChecks.floatTwinAgrees(field, system.twin(), seed, text);
    DivergenceChecks.quadraticFormMatchesTheJacobian(field, seed, text);
    DivergenceChecks.vjpMatchesCentralDifferences(field, seed, text);
    DivergenceChecks.gradientsAreAdded(field, seed);
    DivergenceChecks.floatTwinAgrees(field, system.twin(), seed, text);
  }

  @Test
  void aLaneDoesNotDependOnItsNeighbours() {
    for (long seed = 0; seed < 10; seed++) {
      RandomFormulas.System system = new RandomFormulas(seed).next();
      FieldChecks.aLaneDoesNotDependOnItsNeighbours(system.field(), seed, system.text());
    }
  }

  @Test
  void lotkaVolterraEqualsTheClassicalOne() {
    ExpressionField field = ExpressionField.parse(LOTKA_VOLTERRA, RATES);
    DifferentiableField classical = ClassicalSystems.LOTKA_VOLTERRA.field(1.5, 1, 1.1, 3);
    assertThat(field.theta()).isEqualTo(classical.theta());
    Random random = new Random(1);
    int n = 200;
    double[] t = new double[n];
    double[] y = FieldChecks.uniform(random, 2 * n, 0.5, 1.5);
    double[] a = FieldChecks.uniform(random, 2 * n, -1, 1);
    double[][] ours = {new double[2 * n], new double[2 * n], new double[4 * n]};
    double[][] theirs = {new double[2 * n], new double[2 * n], new double[4 * n]};
    field.apply(t, y, ours[0]);
    field.vjp(t, y, a, ours[1], ours[2], new double[n]);
    classical.apply(t, y, theirs[0]);
    classical.vjp(t, y, a, theirs[1], theirs[2], new double[n]);
    for (int i = 0; i < 3; i++) {
      assertThat(ours[i]).containsExactly(theirs[i], within(4e-15));
    }
  }

  @Test
  void statesAndParametersStandInTheirOrder() {
    ExpressionField field =
        ExpressionField.parse(
            "dprey = r*prey - q*wolf_1 + t; dwolf_1 = sin(π2*prey);",
            Map.of("q", 2.0, "π2", 3.0, "r", 1.0));
    assertThat(field.states()).containsExactly("prey", "wolf_1");
    assertThat(field.parameters()).containsExactly("r", "q", "π2");
    assertThat(field.theta()).containsExactly(1, 2, 3);
    assertThat(field.quadratures()).isZero();
    assertThat(field).hasToString("dprey = r*prey - q*wolf_1 + t; dwolf_1 = sin(π2*prey);");
  }

  @Test
  void lastStatesThatNoFormulaMentionsAreQuadratures() {
    assertThat(ExpressionField.parse("dx = -x; dcost = x^2; dtime = 1", Map.of()).quadratures())
        .isEqualTo(2);
  }

  @Test
  void parametersCanBeReplaced() {
    ExpressionField field = ExpressionField.parse("dx = exp(a)*x", Map.of("a", 0.0));
    double[] dydt = new double[1];
    field.setTheta(new double[] {Math.log(5)});
    field.apply(new double[1], new double[] {2}, dydt);
    assertThat(dydt[0]).isCloseTo(10, within(1e-14));
    assertThatThrownBy(() -> field.setTheta(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set 3 parameters: the formulas have 1 (a).");
  }

  @Test
  void aParameterWithoutValueIsRefused() {
    assertThatThrownBy(() -> ExpressionField.parse(LOTKA_VOLTERRA, Map.of("a", 1.0, "b", 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Parameter 'c' needs a finite value, got none; the formulas' parameters are:"
                + " a, b, c, d.");
    assertThatThrownBy(() -> ExpressionField.parse("dx = a*x", Map.of("a", Double.NaN)))
        .hasMessage(
            "Parameter 'a' needs a finite value, got NaN; the formulas' parameters are: a.");
  }

  @Test
  void aValueWithoutParameterIsRefused() {
    assertThatThrownBy(() -> ExpressionField.parse("dx = a*x", Map.of("a", 1.0, "k", 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Parameter 'k' is not in the formulas; the formulas' parameters are: a.");
    assertThatThrownBy(() -> ExpressionField.parse("dx = -x", Map.of("x", 1.0)))
        .hasMessage("Parameter 'x' is not in the formulas; the formulas have no parameters.");
  }

  @Test
  void manyTermsAreNoDeepRecursion() {
    String sum = String.join(" + ", Collections.nCopies(20_000, "sin(x*1.5)*t"));
    assertThat(value(sum, 1)).isCloseTo(20_000 * 0.25 * Math.sin(1.5), within(1e-7));
  }

  @Test
  void equalSubexpressionsAreComputedOnce() {
    Formulas formulas = FormulaParser.parse("dx = sin(a*x)*x + sin(x*a)/x - 0*exp(x)");
    List<Expression> below = formulas.graph().below(formulas.slopes());
    assertThat(below.stream().filter(e -> e.is(Operation.SIN))).hasSize(1);
    assertThat(below.stream().filter(e -> e.is(Operation.EXP))).isEmpty();
  }

  @Test
  void nothingIsAllocatedInACall() {
    ExpressionField field = ExpressionField.parse(LOTKA_VOLTERRA, RATES);
    int n = 300;
    double[] t = new double[n];
    double[] y = new double[2 * n];
    double[] out = new double[2 * n];
    double[] theta = new double[4 * n];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long[] bytes = new long[3];
    for (int round = 0; round < bytes.length; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < 1000; i++) {
        field.apply(t, y, out);
        field.vjp(t, y, y, out, theta, t);
        field.quadraticForm(t, y, y, out);
        field.quadraticFormVjp(t, y, y, t, out, theta, t);
      }
      bytes[round] = threads.getThreadAllocatedBytes(id) - before;
    }
    assertThat(Arrays.stream(bytes).min().orElseThrow()).isLessThan(1000);
  }
}
