package io.gradlens.ode.field;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the formulas of an {@link ExpressionField}, by recursive descent:
 *
 * <pre>
 * formulas = formula { ';' formula } [ ';' ]
 * formula  = 'd'NAME '=' sum
 * sum      = product { ('+' | '-') product }
 * product  = signed { ('*' | '/') signed }
 * signed   = ('+' | '-') signed | power
 * power    = atom [ '^' signed ]
 * atom     = NUMBER | NAME | FUNCTION '(' sum { ',' sum } ')' | '(' sum ')'
 * </pre>
 */
final class FormulaParser {
  private static final String TIME = "t";
  private static final String PI = "pi";
  private static final int MAX_DEPTH = 200;

  private final String text;
  private final List<Token> tokens;
  private final ExpressionGraph graph = new ExpressionGraph();
  private final List<String> states = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();
  private int at;
  private int depth;

  private FormulaParser(String text) {
    this.text = text;
    tokens = Token.split(text);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException saying where it breaks the grammar, and what was expected
   */
  static Formulas parse(String text) {
    FormulaParser parser = new FormulaParser(text);
    // A formula may mention the states of later ones, so the left sides are read first.
    parser.leftSides();
    return new Formulas(parser.graph, parser.states, parser.parameters, parser.rightSides());
  }

  private void leftSides() {
    do {
      Token left = token();
      states.add(state(left));
      at++;
      if (!token().is("=")) {
        throw expected("'=' after '" + left.text() + "'");
      }
      while (!token().is(";") && token().kind() != Token.Kind.END) {
        at++;
      }
    } while (another());
  }

  private String state(Token left) {
    String name = left.text().startsWith("d") ? left.text().substring(1) : "";
    if (left.kind() != Token.Kind.NAME || name.isEmpty()) {
      throw expected("'d' and the name of a state, as in 'dx = …'");
    }
    if (isReserved(name)) {
      throw expected("'d' and the name of a state, which '" + name + "' cannot be");
    }
    if (states.contains(name)) {
      throw expected("one formula a state");
    }
    return name;
  }

  private static boolean isReserved(String name) {
    // What begins with a digit could not be mentioned on a right side.
    return !(Character.isLetter(name.codePointAt(0)) || name.startsWith("_"))
        || name.equals(TIME)
        || name.equals(PI)
        || Operation.function(name) != null;
  }

  private List<Expression> rightSides() {
    List<Expression> slopes = new ArrayList<>();
    at = 0;
    do {
      at += 2;
      slopes.add(sum());
      if (!token().is(";") && token().kind() != Token.Kind.END) {
        throw expected("an operator, ';' or the end");
      }
    } while (another());
    return slopes;
  }

  /** Whether a semicolon follows, and a formula after it. */
  private boolean another() {
    return take(";") && token().kind() != Token.Kind.END;
  }

  private Expression sum() {
    Expression sum = product();
    while (true) {
      if (take("+")) {
        sum = graph.add(sum, product());
      } else if (take("-")) {
        sum = graph.subtract(sum, product());
      } else {
        return sum;
      }
    }
  }

  private Expression product() {
    Expression product = signed();
    while (true) {
      if (take("*")) {
        product = graph.multiply(product, signed());
      } else if (take("/")) {
        product = graph.divide(product, signed());
      } else {
        return product;
      }
    }
  }

  private Expression signed() {
    if (depth++ == MAX_DEPTH) {
      throw expected("at most " + MAX_DEPTH + " levels of nesting");
    }
    Expression value = take("-") ? graph.negate(signed()) : take("+") ? signed() : power();
    depth--;
    return value;
  }

  private Expression power() {
    Expression base = atom();
    return take("^") ? graph.power(base, signed()) : base;
  }

  private Expression atom() {
    Token token = token();
    if (take("(")) {
      Expression inner = sum();
      close("')'");
      return inner;
    }
    if (token.kind() == Token.Kind.NUMBER) {
      at++;
      return graph.constant(Double.parseDouble(token.text()));
    }
    if (token.kind() != Token.Kind.NAME) {
      throw expected("a number, a name or '('");
    }
    at++;
    return token().is("(") ? call(token) : name(token.text());
  }

  private Expression call(Token token) {
    Operation function = Operation.function(token.text());
    if (function == null) {
      throw expected(
          "an operator after '%s', or one of the functions %s before the parenthesis"
              .formatted(token.text(), Operation.functionNames()));
    }
    at++;
    Expression first = sum();
    Expression second = null;
    if (function.operands == 2) {
      if (!take(",")) {
        throw expected("an operator or ',' and a second argument of '" + token.text() + "'");
      }
      second = sum();
    }
    close("')' after the last argument of '" + token.text() + "'");
    return graph.of(function, first, second);
  }

  private Expression name(String name) {
    if (name.equals(TIME)) {
      return graph.leaf(Operation.TIME, 0);
    }
    if (name.equals(PI)) {
      return graph.constant(Math.PI);
    }
    if (Operation.function(name) != null) {
      throw expected("'(' after '" + name + "'");
    }
    if (states.contains(name)) {
      return graph.leaf(Operation.STATE, states.indexOf(name));
    }
    if (!parameters.contains(name)) {
      parameters.add(name);
    }
    return graph.leaf(Operation.PARAMETER, parameters.indexOf(name));
  }

  private void close(String what) {
    if (!take(")")) {
      throw expected("an operator or " + what);
    }
  }

  private Token token() {
    return tokens.get(at);
  }

  private boolean take(String symbol) {
    if (!token().is(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(
        "Cannot read the formulas '%s' at position %d: expected %s, got %s."
            .formatted(text.replaceAll("\\s+", " "), token().position(), what, token()));
  }
}
