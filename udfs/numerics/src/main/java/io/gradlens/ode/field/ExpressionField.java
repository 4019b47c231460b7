package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.field.Program.Output;
import io.gradlens.ode.field.Program.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A field from formulas, with its derivatives.
 *
 * <pre>{@code
 * ExpressionField field =
 *     ExpressionField.parse(
 *         "dx = a*x - b*x*y; dy = c*x*y - d*y", Map.of("a", 1.5, "b", 1.0, "c", 1.0, "d", 3.0));
 * }</pre>
 *
 * <p>Formulas are separated by semicolons. The name behind d on the left side is a state's; states
 * stand in the order of the formulas. On the right side {@code t} is time, {@code pi} is π, and
 * every name that is no state is a parameter; parameters stand in the order in which they appear.
 * There are numbers ({@code 1e-3}), parentheses, {@code + - * /} and {@code ^}, which binds tighter
 * than a sign ({@code -x^2} is −(x²)) and from the right ({@code 2^3^2} is 2⁹), and the functions
 * {@code abs, cos, exp, log, max, min, pow, sin, sqrt, tan, tanh}; {@code log} is the natural one,
 * {@code pow(x, y)} is {@code x^y}.
 *
 * <p>All of it is differentiable where it is smooth. Where it bends, abs has the derivative 0, and
 * min and max that of the first of two equal operands. A power with a parameter or state in its
 * exponent needs a base that is not negative. Derivatives are symbolic, by reverse accumulation,
 * second ones too; whole powers up to 64 are multiplied out; 0·x counts as 0 whatever x.
 *
 * <p>Memory: 1 KB for every subexpression that is alive at a time; none is allocated after {@link
 * #parse}.
 */
@Real
public final class ExpressionField implements DivergenceField {
  private final String formulas;
  private final Formulas parsed;
  private final double[] theta;
  private final Rows rows;
  private final int quadratures;
  private final LaneMachine slopes;
  private final LaneMachine vjp;
  private final LaneMachine quadraticForm;
  private final LaneMachine quadraticFormVjp;

  private ExpressionField(String formulas, Formulas parsed, double[] theta) {
    this.formulas = formulas;
    this.parsed = parsed;
    this.theta = new double[theta.length];
    rows = new Rows(dim(), params());
    ExpressionGraph graph = parsed.graph();
    List<Expression> f = parsed.slopes();
    List<Expression> v = leaves(Operation.VECTOR, dim());
    List<Expression> cotangents = leaves(Operation.COTANGENT, dim());
    List<Expression> vJacobian = ReverseMode.vjp(graph, f, v, leaves(Operation.STATE, dim()));
    Expression q =
        IntStream.range(0, dim())
            .mapToObj(i -> graph.multiply(vJacobian.get(i), v.get(i)))
            .reduce(graph.constant(0), graph::add);
    slopes = evaluation(f);
    vjp = gradients(f, cotangents);
    quadraticForm = evaluation(List.of(q));
    quadraticFormVjp = gradients(List.of(q), cotangents.subList(0, 1));
    quadratures =
        dim()
            - graph.below(f).stream()
                .filter(e -> e.is(Operation.STATE))
                .mapToInt(e -> e.index + 1)
                .max()
                .orElse(0);
    setTheta(theta);
  }

  private List<Expression> leaves(Operation kind, int count) {
    return IntStream.range(0, count).mapToObj(i -> parsed.graph().leaf(kind, i)).toList();
  }

  private LaneMachine evaluation(List<Expression> values) {
    return new LaneMachine(
        new Program(
            parsed.graph(), rows, outputs(values, Operation.STORE, rows.outputs()), List.of()));
  }

  private LaneMachine gradients(List<Expression> values, List<Expression> cotangents) {
    List<Expression> leaves = new ArrayList<>(leaves(Operation.STATE, dim()));
    leaves.addAll(leaves(Operation.TIME, 1));
    leaves.addAll(leaves(Operation.PARAMETER, params()));
    List<Expression> all = ReverseMode.vjp(parsed.graph(), values, cotangents, leaves);
    List<Output> first =
        new ArrayList<>(outputs(all.subList(0, dim()), Operation.ACCUMULATE, rows.outputs()));
    first.addAll(outputs(all.subList(dim(), dim() + 1), Operation.ACCUMULATE_TIME, 0));
    List<Output> second =
        outputs(all.subList(dim() + 1, all.size()), Operation.ACCUMULATE, rows.gradTheta());
    return new LaneMachine(new Program(parsed.graph(), rows, first, second));
  }

  private static List<Output> outputs(List<Expression> values, Operation to, int row) {
    return IntStream.range(0, values.size())
        .filter(i -> to == Operation.STORE || !values.get(i).is(0))
        .mapToObj(i -> new Output(values.get(i), to, row + i))
        .toList();
  }

  /**
   * Reads formulas.
   *
   * @param formulas as described above
   * @param parameters the value of every parameter, by name
   * @throws IllegalArgumentException if the formulas cannot be read, saying where and what was
   *     expected; or if a parameter has no finite value, or a value no parameter, naming it and
   *     those there are
   */
  public static ExpressionField parse(String formulas, Map<String, Double> parameters) {
    Formulas parsed = FormulaParser.parse(formulas);
    List<String> names = parsed.parameters();
    String known =
        names.isEmpty()
            ? "the formulas have no parameters"
            : "the formulas' parameters are: " + String.join(", ", names);
    for (String name : names) {
      Double value = parameters.get(name);
      if (value == null || !Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "Parameter '%s' needs a finite value, got %s; %s."
                .formatted(name, value == null ? "none" : value, known));
      }
    }
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "Parameter '%s' is not in the formulas; %s.".formatted(name, known));
      }
    }
    double[] theta = names.stream().mapToDouble(parameters::get).toArray();
    return new ExpressionField(formulas, parsed, theta);
  }

  /** The names of the states, in their order. */
  public List<String> states() {
    return List.copyOf(parsed.states());
  }

  /** The names of the parameters θ, in their order. */
  public List<String> parameters() {
    return List.copyOf(parsed.parameters());
  }

  @Override
  public int dim() {
    return parsed.states().size();
  }

  @Override
  public int params() {
    return theta.length;
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public void setTheta(double[] values) {
    if (values.length != theta.length) {
      throw new IllegalArgumentException(
          "Cannot set %d parameters: the formulas have %d (%s)."
              .formatted(values.length, theta.length, String.join(", ", parsed.parameters())));
    }
    System.arraycopy(values, 0, theta, 0, theta.length);
    double[] uniforms = parsed.graph().uniforms(theta);
    for (LaneMachine machine : List.of(slopes, vjp, quadraticForm, quadraticFormVjp)) {
      machine.uniforms(uniforms);
    }
  }

  /** The last states that no formula mentions. */
  @Override
  public int quadratures() {
    return quadratures;
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    slopes.bind(rows.states(), dim(), y, t.length);
    slopes.bind(rows.outputs(), dim(), dydt, t.length);
    slopes.run(t, null, true);
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    vjp.bind(rows.states(), dim(), y, t.length);
    vjp.bind(rows.cotangents(), dim(), cotangent, t.length);
    vjp.bind(rows.outputs(), dim(), gradY, t.length);
    vjp.bind(rows.gradTheta(), params(), gradTheta, t.length);
    vjp.run(t, gradT, gradTheta != null);
  }

  @Override
  public void quadraticForm(double[] t, @Real double[] y, @Real double[] v, @Real double[] q) {
    quadraticForm.bind(rows.states(), dim(), y, t.length);
    quadraticForm.bind(rows.vectors(), dim(), v, t.length);
    quadraticForm.bind(rows.outputs(), 1, q, t.length);
    quadraticForm.run(t, null, true);
  }

  @Override
  public void quadraticFormVjp(
      double[] t,
      @Real double[] y,
      @Real double[] v,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    quadraticFormVjp.bind(rows.states(), dim(), y, t.length);
    quadraticFormVjp.bind(rows.vectors(), dim(), v, t.length);
    quadraticFormVjp.bind(rows.cotangents(), 1, cotangent, t.length);
    quadraticFormVjp.bind(rows.outputs(), dim(), gradY, t.length);
    quadraticFormVjp.bind(rows.gradTheta(), params(), gradTheta, t.length);
    quadraticFormVjp.run(t, gradT, gradTheta != null);
  }

  /** The formulas. */
  @Override
  public String toString() {
    return formulas;
  }
}
