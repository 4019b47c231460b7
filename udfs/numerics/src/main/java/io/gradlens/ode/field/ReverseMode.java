package io.gradlens.ode.field;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Symbolic derivatives by reverse accumulation: one sweep from the outputs to the leaves gives Σ_i
 * seed_i·∂output_i/∂x for every x, as expressions that share what they can. Applied to its own
 * result it gives second derivatives.
 *
 * <p>abs, min and max have one-sided derivatives where they bend: 0 for abs at 0, and the first
 * operand's where both are equal.
 */
final class ReverseMode {
  private final ExpressionGraph graph;
  private final Map<Expression, Expression> adjoints = new HashMap<>();

  private ReverseMode(ExpressionGraph graph) {
    this.graph = graph;
  }

  /** The vector–Jacobian products; see the class. */
  static List<Expression> vjp(
      ExpressionGraph graph,
      List<Expression> outputs,
      List<Expression> seeds,
      List<Expression> leaves) {
    ReverseMode sweep = new ReverseMode(graph);
    for (int i = 0; i < outputs.size(); i++) {
      sweep.add(outputs.get(i), seeds.get(i));
    }
    List<Expression> order = new ArrayList<>(graph.below(outputs));
    for (int i = order.size() - 1; i >= 0; i--) {
      Expression e = order.get(i);
      if (e.operation.operands > 0 && sweep.adjoints.containsKey(e)) {
        sweep.propagate(e, sweep.adjoints.get(e));
      }
    }
    return leaves.stream()
        .map(leaf -> sweep.adjoints.getOrDefault(leaf, graph.constant(0)))
        .toList();
  }

  private void propagate(Expression e, Expression s) {
    ExpressionGraph g = graph;
    Expression a = e.left;
    Expression b = e.right;
    switch (e.operation) {
      case ADD -> {
        add(a, s);
        add(b, s);
      }
      case SUBTRACT -> {
        add(a, s);
        add(b, g.negate(s));
      }
      case MULTIPLY -> {
        add(a, g.multiply(s, b));
        add(b, g.multiply(s, a));
      }
      case DIVIDE -> {
        Expression share = g.divide(s, b);
        add(a, share);
        add(b, g.negate(g.multiply(share, e)));
      }
      case NEGATE -> add(a, g.negate(s));
      case POW -> {
        add(a, g.multiply(s, powerSlope(a, b)));
        add(b, g.multiply(s, g.of(Operation.POW_LOG, a, b)));
      }
      case POW_LOG -> {
        Expression less = g.subtract(b, g.constant(1));
        Expression slope = g.add(g.multiply(b, g.of(Operation.POW_LOG, a, less)), g.power(a, less));
        add(a, g.multiply(s, slope));
        add(b, g.multiply(s, g.of(Operation.POW_LOG2, a, b)));
      }
      case SIN -> add(a, g.multiply(s, g.of(Operation.COS, a, null)));
      case COS -> add(a, g.negate(g.multiply(s, g.of(Operation.SIN, a, null))));
      case TAN -> add(a, g.multiply(s, g.add(g.constant(1), g.multiply(e, e))));
      case TANH -> add(a, g.multiply(s, g.subtract(g.constant(1), g.multiply(e, e))));
      case EXP -> add(a, g.multiply(s, e));
      case LOG -> add(a, g.divide(s, a));
      case SQRT -> add(a, g.divide(s, g.multiply(g.constant(2), e)));
      case ABS -> add(a, g.multiply(s, g.of(Operation.SIGN, a, null)));
      case MIN -> choose(s, a, b, g.of(Operation.AT_MOST, a, b));
      case MAX -> choose(s, a, b, g.of(Operation.AT_MOST, b, a));
      case SIGN, AT_MOST -> {}
      default -> throw new AssertionError(e.operation + " is differentiated twice at most");
    }
  }

  private Expression powerSlope(Expression a, Expression b) {
    return graph.multiply(b, graph.power(a, graph.subtract(b, graph.constant(1))));
  }

  private void choose(Expression s, Expression a, Expression b, Expression first) {
    Expression taken = graph.multiply(s, first);
    add(a, taken);
    add(b, graph.subtract(s, taken));
  }

  private void add(Expression e, Expression adjoint) {
    if (!e.is(Operation.CONSTANT)) {
      adjoints.merge(e, adjoint, graph::add);
    }
  }
}
