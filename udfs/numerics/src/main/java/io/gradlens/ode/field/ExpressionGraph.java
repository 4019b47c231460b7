package io.gradlens.ode.field;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Expressions over shared subexpressions: each exists once, so that nothing is computed twice.
 *
 * <p>What is made is simplified on the way as in algebra: constants are folded, 0 + x, 0·x, 1·x,
 * x/1, x − x, x⁰ and x¹ vanish (0·x is 0 even where x overflows), and signs move outwards.
 */
final class ExpressionGraph {

  /** Powers up to this one are multiplied out. */
  private static final int MULTIPLIED_OUT = 64;

  private final Map<Key, Expression> known = new HashMap<>();
  private final List<Expression> nodes = new ArrayList<>();

  private record Key(Operation operation, int left, int right, int index, double value) {}

  Expression constant(double value) {
    // + 0.0 makes 0 of −0.
    return node(Operation.CONSTANT, null, null, 0, value + 0.0);
  }

  Expression leaf(Operation kind, int index) {
    return node(kind, null, null, index, 0);
  }

  Expression add(Expression a, Expression b) {
    if (a.is(0)) {
      return b;
    }
    if (b.is(0)) {
      return a;
    }
    if (a == b) {
      return multiply(constant(2), a);
    }
    if (b.is(Operation.NEGATE)) {
      return subtract(a, b.left);
    }
    if (a.is(Operation.NEGATE)) {
      return subtract(b, a.left);
    }
    return commutative(Operation.ADD, a, b);
  }

  Expression subtract(Expression a, Expression b) {
    if (a.is(0)) {
      return negate(b);
    }
    if (b.is(0)) {
      return a;
    }
    if (a == b) {
      return constant(0);
    }
    if (b.is(Operation.NEGATE)) {
      return add(a, b.left);
    }
    if (a.is(Operation.NEGATE)) {
      return negate(add(a.left, b));
    }
    return folded(Operation.SUBTRACT, a, b);
  }

  Expression multiply(Expression a, Expression b) {
    if (b.is(Operation.CONSTANT) && !a.is(Operation.CONSTANT)) {
      return multiply(b, a);
    }
    if (a.is(0)) {
      return a;
    }
    if (a.is(1)) {
      return b;
    }
    if (a.is(-1)) {
      return negate(b);
    }
    if (a.is(Operation.NEGATE)) {
      return negate(multiply(a.left, b));
    }
    if (b.is(Operation.NEGATE)) {
      return negate(multiply(a, b.left));
    }
    if (a.is(Operation.CONSTANT) && b.is(Operation.MULTIPLY) && b.left.is(Operation.CONSTANT)) {
      return multiply(constant(a.value * b.left.value), b.right);
    }
    return commutative(Operation.MULTIPLY, a, b);
  }

  Expression divide(Expression a, Expression b) {
    if (a.is(0) || b.is(1)) {
      return a;
    }
    if (a.is(Operation.NEGATE)) {
      return negate(divide(a.left, b));
    }
    if (b.is(Operation.NEGATE)) {
      return negate(divide(a, b.left));
    }
    return folded(Operation.DIVIDE, a, b);
  }

  Expression negate(Expression a) {
    if (a.is(Operation.CONSTANT)) {
      return constant(-a.value);
    }
    if (a.is(Operation.NEGATE)) {
      return a.left;
    }
    if (a.is(Operation.SUBTRACT)) {
      return subtract(a.right, a.left);
    }
    return node(Operation.NEGATE, a, null, 0, 0);
  }

  Expression power(Expression a, Expression b) {
    if (b.is(0)) {
      return constant(1);
    }
    if (b.is(1) || a.is(1)) {
      return a;
    }
    return folded(Operation.POW, a, b);
  }

  /** An operation of any kind on expressions; b is null where there is one operand. */
  Expression of(Operation operation, Expression a, Expression b) {
    return switch (operation) {
      case ADD -> add(a, b);
      case SUBTRACT -> subtract(a, b);
      case MULTIPLY -> multiply(a, b);
      case DIVIDE -> divide(a, b);
      case NEGATE -> negate(a);
      case POW -> power(a, b);
      default -> folded(operation, a, b);
    };
  }

  /** The same expressions with whole powers multiplied out. */
  List<Expression> multipliedOut(List<Expression> expressions) {
    Map<Expression, Expression> replaced = new HashMap<>();
    for (Expression e : below(expressions)) {
      Expression a = replaced.get(e.left);
      Expression b = replaced.get(e.right);
      replaced.put(
          e,
          e.operation.operands == 0
              ? e
              : isWholePower(e) ? product(a, (int) b.value) : of(e.operation, a, b));
    }
    return expressions.stream().map(replaced::get).toList();
  }

  private static boolean isWholePower(Expression e) {
    return e.is(Operation.POW)
        && e.right.is(Operation.CONSTANT)
        && e.right.value == Math.rint(e.right.value)
        && Math.abs(e.right.value) <= MULTIPLIED_OUT;
  }

  private Expression product(Expression a, int exponent) {
    if (exponent < 0) {
      return divide(constant(1), product(a, -exponent));
    }
    if (exponent == 1) {
      return a;
    }
    Expression half = product(a, exponent / 2);
    Expression square = multiply(half, half);
    return exponent % 2 == 0 ? square : multiply(square, a);
  }

  /** What the expressions consist of, themselves included, operands first. */
  List<Expression> below(List<Expression> expressions) {
    boolean[] reached = new boolean[nodes.size()];
    for (Expression e : expressions) {
      reached[e.id] = true;
    }
    List<Expression> found = new ArrayList<>();
    for (int id = reached.length - 1; id >= 0; id--) {
      if (reached[id]) {
        Expression e = nodes.get(id);
        found.add(e);
        if (e.left != null) {
          reached[e.left.id] = true;
        }
        if (e.right != null) {
          reached[e.right.id] = true;
        }
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** The values of what is uniform, by {@link Expression#id}. */
  double[] uniforms(double[] theta) {
    double[] values = new double[nodes.size()];
    for (Expression e : nodes) {
      if (e.is(Operation.CONSTANT)) {
        values[e.id] = e.value;
      } else if (e.is(Operation.PARAMETER)) {
        values[e.id] = theta[e.index];
      } else if (e.uniform) {
        values[e.id] = e.operation.of(values[e.left.id], e.right == null ? 0 : values[e.right.id]);
      }
    }
    return values;
  }

  private Expression commutative(Operation operation, Expression a, Expression b) {
    return a.id <= b.id ? folded(operation, a, b) : folded(operation, b, a);
  }

  private Expression folded(Operation operation, Expression a, Expression b) {
    if (a.is(Operation.CONSTANT) && (b == null || b.is(Operation.CONSTANT))) {
      return constant(operation.of(a.value, b == null ? 0 : b.value));
    }
    return node(operation, a, b, 0, 0);
  }

  private Expression node(
      Operation operation, Expression a, Expression b, int index, double value) {
    Key key = new Key(operation, a == null ? -1 : a.id, b == null ? -1 : b.id, index, value);
    return known.computeIfAbsent(
        key,
        absent -> {
          Expression e = new Expression(nodes.size(), operation, a, b, index, value);
          nodes.add(e);
          return e;
        });
  }
}
