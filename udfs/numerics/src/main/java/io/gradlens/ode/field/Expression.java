package io.gradlens.ode.field;

/**
 * A node of an {@link ExpressionGraph}: an operation and its operands. Equal expressions of a graph
 * are the same object.
 */
final class Expression {
  /** Its number: higher than those of its operands. */
  final int id;

  final Operation operation;

  /** Null for a leaf. */
  final Expression left;

  /** Null unless there are two operands. */
  final Expression right;

  /** Which parameter or component a leaf is. */
  final int index;

  /** The value of a constant. */
  final double value;

  /** Whether it depends on parameters and constants only, and so is the same for every lane. */
  final boolean uniform;

  Expression(
      int id, Operation operation, Expression left, Expression right, int index, double value) {
    this.id = id;
    this.operation = operation;
    this.left = left;
    this.right = right;
    this.index = index;
    this.value = value;
    uniform =
        switch (operation.operands) {
          case 0 -> operation == Operation.CONSTANT || operation == Operation.PARAMETER;
          case 1 -> left.uniform;
          default -> left.uniform && right.uniform;
        };
  }

  boolean is(double number) {
    return operation == Operation.CONSTANT && value == number;
  }

  boolean is(Operation kind) {
    return operation == kind;
  }
}
