package io.gradlens.ode.field;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Expressions as a sequence of instructions over registers, one number a lane. The first registers
 * hold what is uniform; the others are used again as soon as their value is not needed any more.
 */
final class Program {

  /**
   * One loop over lanes, from registers to a register; LOAD, STORE and ACCUMULATE have a row of the
   * caller on one side. An operand that the operation lacks is 0.
   */
  record Instruction(Operation operation, int to, int left, int right) {}

  /**
   * What is to be computed.
   *
   * @param to the operation that takes the result: STORE, ACCUMULATE or ACCUMULATE_TIME
   * @param row where it goes
   */
  record Output(Expression value, Operation to, int row) {}

  /** The rows of the caller, with d states and p parameters. */
  record Rows(int d, int p) {
    int states() {
      return 0;
    }

    int cotangents() {
      return d;
    }

    int vectors() {
      return 2 * d;
    }

    int outputs() {
      return 3 * d;
    }

    int gradTheta() {
      return 4 * d;
    }

    int count() {
      return 4 * d + p;
    }

    private int of(Expression leaf) {
      return leaf.index
          + switch (leaf.operation) {
            case STATE -> states();
            case COTANGENT -> cotangents();
            case VECTOR -> vectors();
            default -> throw new AssertionError(leaf.operation);
          };
    }
  }

  /** A computation, or an output. */
  private record Step(Expression value, Output output) {
    Stream<Expression> operands() {
      return output == null
          ? Stream.of(value.left, value.right).filter(Objects::nonNull)
          : Stream.of(value);
    }
  }

  final Rows rows;
  final List<Expression> uniforms;
  final Instruction[] instructions;

  /** How many of the instructions the first outputs take. */
  final int split;

  final int registers;

  private final Map<Expression, Integer> register = new HashMap<>();

  /**
   * Translates.
   *
   * @param first outputs that are always wanted
   * @param second outputs that come last, so that they can be left out
   */
  Program(ExpressionGraph graph, Rows rows, List<Output> first, List<Output> second) {
    this.rows = rows;
    List<Step> steps = new ArrayList<>();
    Set<Expression> scheduled = new HashSet<>();
    schedule(graph, first, scheduled, steps);
    split = steps.size();
    schedule(graph, second, scheduled, steps);
    uniforms = steps.stream().flatMap(Step::operands).filter(e -> e.uniform).distinct().toList();
    for (Expression uniform : uniforms) {
      register.put(uniform, register.size());
    }
    instructions = new Instruction[steps.size()];
    registers = assemble(steps);
  }

  private static void schedule(
      ExpressionGraph graph, List<Output> outputs, Set<Expression> scheduled, List<Step> steps) {
    List<Expression> values = graph.multipliedOut(outputs.stream().map(Output::value).toList());
    for (Expression e : graph.below(values)) {
      if (!e.uniform && scheduled.add(e)) {
        steps.add(new Step(e, null));
      }
    }
    for (int i = 0; i < values.size(); i++) {
      steps.add(new Step(values.get(i), outputs.get(i)));
    }
  }

  /** Gives registers to what is computed, and returns how many there are. */
  private int assemble(List<Step> steps) {
    Map<Expression, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < instructions.length; i++) {
      int at = i;
      steps.get(i).operands().forEach(e -> lastUse.put(e, at));
    }
    int end = uniforms.size();
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < instructions.length; i++) {
      int at = i;
      Step step = steps.get(i);
      step.operands()
          .distinct()
          .filter(e -> !e.uniform && lastUse.get(e) == at)
          .forEach(e -> free.push(register.get(e)));
      if (step.output() == null) {
        register.put(step.value(), free.isEmpty() ? end++ : free.pop());
      }
      instructions[i] =
          step.output() == null ? computation(step.value()) : output(step.output(), step.value());
    }
    return end;
  }

  private Instruction computation(Expression e) {
    int to = register.get(e);
    if (e.is(Operation.TIME)) {
      return new Instruction(Operation.LOAD_TIME, to, 0, 0);
    }
    if (e.left == null) {
      return new Instruction(Operation.LOAD, to, rows.of(e), 0);
    }
    int right = e.right == null ? 0 : register.get(e.right);
    return new Instruction(e.operation, to, register.get(e.left), right);
  }

  private Instruction output(Output output, Expression value) {
    return new Instruction(output.to(), output.row(), register.get(value), 0);
  }
}
