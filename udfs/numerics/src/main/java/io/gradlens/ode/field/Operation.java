package io.gradlens.ode.field;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * What a node of an {@link ExpressionGraph} is, and what an instruction of a {@link Program} does.
 */
enum Operation {
  // Leaves. All but the first bear an index.
  CONSTANT,
  PARAMETER,
  TIME,
  STATE,
  COTANGENT,
  VECTOR,

  ADD(2, (a, b) -> a + b),
  SUBTRACT(2, (a, b) -> a - b),
  MULTIPLY(2, (a, b) -> a * b),
  DIVIDE(2, (a, b) -> a / b),
  NEGATE(a -> -a),
  POW(2, Math::pow),
  /** aᵇ·log a; 0 where a = 0 and b is positive. */
  POW_LOG(2, (a, b) -> powLog(a, b, 1)),
  /** aᵇ·log² a; 0 where a = 0 and b is positive. */
  POW_LOG2(2, (a, b) -> powLog(a, b, 2)),
  SIN(Math::sin),
  COS(Math::cos),
  TAN(Math::tan),
  TANH(Math::tanh),
  EXP(Math::exp),
  LOG(Math::log),
  SQRT(Math::sqrt),
  ABS(Math::abs),
  SIGN(Math::signum),
  MIN(2, Math::min),
  MAX(2, Math::max),
  /** 1 where a ≤ b, else 0. */
  AT_MOST(2, (a, b) -> a <= b ? 1 : 0),

  // Between registers and the arrays of the caller: in instructions only.
  LOAD,
  LOAD_TIME,
  STORE,
  ACCUMULATE,
  ACCUMULATE_TIME;

  /** What formulas may call, by its name in lower case. */
  static final List<Operation> FUNCTIONS =
      List.of(ABS, COS, EXP, LOG, MAX, MIN, POW, SIN, SQRT, TAN, TANH);

  /** How many operands an expression of this kind has. */
  final int operands;

  private final DoubleBinaryOperator value;

  Operation() {
    this(0, null);
  }

  Operation(DoubleUnaryOperator value) {
    this(1, (a, unused) -> value.applyAsDouble(a));
  }

  Operation(int operands, DoubleBinaryOperator value) {
    this.operands = operands;
    this.value = value;
  }

  /** The operation on numbers; b does not matter to one with a single operand. */
  double of(double a, double b) {
    return value.applyAsDouble(a, b);
  }

  /** The function of that name, or null. */
  static Operation function(String name) {
    return FUNCTIONS.stream().filter(f -> f.functionName().equals(name)).findFirst().orElse(null);
  }

  /** The functions' names, for messages. */
  static String functionNames() {
    return String.join(", ", FUNCTIONS.stream().map(Operation::functionName).toList());
  }

  String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** aᵇ·(log a)ᵏ, continuous at a = 0 for positive b. */
  static double powLog(double a, double b, int k) {
    if (a == 0 && b > 0) {
      return 0;
    }
    double log = Math.log(a);
    return Math.pow(a, b) * (k == 1 ? log : log * log);
  }
}
