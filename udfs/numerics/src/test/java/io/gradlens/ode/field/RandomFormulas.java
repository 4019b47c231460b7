package io.gradlens.ode.field;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Formulas drawn at random, each with a function that computes the same in plain Java. They are
 * smooth around states in [0.5, 1.5], and not so steep that differences mean nothing.
 */
final class RandomFormulas {
  private static final String[] NAMES = {"x", "y", "z", "t", "a", "b", "c"};
  private static final double[] PARAMETERS = {0.7, -1.3, 2.1};

  private final Random random;

  RandomFormulas(long seed) {
    random = new Random(seed);
  }

  /** x, y, z, t, a, b, c in this order to a value. */
  interface Value {
    double at(double[] names);
  }

  record Drawn(String text, Value value) {}

  /** Three formulas and what computes their right sides. */
  record System(String text, Value[] slopes) {
    ExpressionField field() {
      return ExpressionField.parse(text, parameters());
    }

    FloatExpressionField twin() {
      return FloatExpressionField.parse(text, parameters());
    }

    /** Values of those parameters that occur. */
    private Map<String, Double> parameters() {
      Map<String, Double> values = new TreeMap<>();
      for (String name : FormulaParser.parse(text).parameters()) {
        values.put(name, parameter(name));
      }
      return values;
    }
  }

  static double parameter(String name) {
    return PARAMETERS[name.charAt(0) - 'a'];
  }

  System next() {
    Drawn[] drawn = {sum(), sum(), sum()};
    return new System(
        "dx = %s; dy = %s; dz = %s;".formatted(drawn[0].text, drawn[1].text, drawn[2].text),
        new Value[] {drawn[0].value, drawn[1].value, drawn[2].value});
  }

  private Drawn sum() {
    Drawn first = draw(3);
    Drawn second = draw(3);
    return new Drawn(first.text + " + " + second.text, v -> first.value.at(v) + second.value.at(v));
  }

  private Drawn draw(int depth) {
    if (depth == 0) {
      return leaf();
    }
    Drawn u = draw(depth - 1 - random.nextInt(depth));
    Drawn w = draw(depth - 1 - random.nextInt(depth));
    Value f = u.value;
    Value g = w.value;
    return switch (random.nextInt(20)) {
      case 0 -> new Drawn("(%s + %s)".formatted(u.text, w.text), v -> f.at(v) + g.at(v));
      case 1 -> new Drawn("(%s - (%s))".formatted(u.text, w.text), v -> f.at(v) - g.at(v));
      case 2, 3 -> new Drawn("(%s) * (%s)".formatted(u.text, w.text), v -> f.at(v) * g.at(v));
      case 4 ->
          new Drawn(
              "(%s) / (1.5 + (%s)^2)".formatted(u.text, w.text),
              v -> f.at(v) / (1.5 + g.at(v) * g.at(v)));
      case 5 -> new Drawn("-(%s)".formatted(u.text), v -> -f.at(v));
      case 6 -> new Drawn("sin(%s)".formatted(u.text), v -> Math.sin(f.at(v)));
      case 7 -> new Drawn("cos(%s)".formatted(u.text), v -> Math.cos(f.at(v)));
      case 8 -> new Drawn("tan(sin(%s))".formatted(u.text), v -> Math.tan(Math.sin(f.at(v))));
      case 9 -> new Drawn("tanh(%s)".formatted(u.text), v -> Math.tanh(f.at(v)));
      case 10 -> new Drawn("exp(cos(%s))".formatted(u.text), v -> Math.exp(Math.cos(f.at(v))));
      case 11 ->
          new Drawn("log(1.5 + (%s)^2)".formatted(u.text), v -> Math.log(1.5 + square(f.at(v))));
      case 12 ->
          new Drawn("sqrt(1 + (%s)^2)".formatted(u.text), v -> Math.sqrt(1 + square(f.at(v))));
      case 13 ->
          new Drawn(
              "(1.5 + sin(%s))^cos(%s)".formatted(u.text, w.text),
              v -> Math.pow(1.5 + Math.sin(f.at(v)), Math.cos(g.at(v))));
      case 14 ->
          new Drawn(
              "pow(2 + cos(%s), 1.5)".formatted(u.text), v -> Math.pow(2 + Math.cos(f.at(v)), 1.5));
      case 15 -> new Drawn("sin(%s)^3".formatted(u.text), v -> Math.pow(Math.sin(f.at(v)), 3));
      case 16 ->
          new Drawn(
              "(1.5 + sin(%s))^-2".formatted(u.text), v -> Math.pow(1.5 + Math.sin(f.at(v)), -2));
      case 17 ->
          new Drawn("abs(4 + sin(%s))".formatted(u.text), v -> Math.abs(4 + Math.sin(f.at(v))));
      case 18 ->
          new Drawn(
              "max(sin(%s), 3 + cos(%s))".formatted(u.text, w.text),
              v -> Math.max(Math.sin(f.at(v)), 3 + Math.cos(g.at(v))));
      default ->
          new Drawn(
              "min(sin(%s), 3 + cos(%s))".formatted(u.text, w.text),
              v -> Math.min(Math.sin(f.at(v)), 3 + Math.cos(g.at(v))));
    };
  }

  private Drawn leaf() {
    if (random.nextInt(5) == 0) {
      double number = random.nextInt(-9, 10) / 8.0;
      return new Drawn("(" + number + ")", v -> number);
    }
    int name = random.nextInt(NAMES.length);
    return new Drawn(NAMES[name], v -> v[name]);
  }

  private static double square(double x) {
    return x * x;
  }
}
