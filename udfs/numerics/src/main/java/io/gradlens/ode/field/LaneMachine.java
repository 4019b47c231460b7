package io.gradlens.ode.field;

import io.gradlens.ode.Real;
import java.util.Arrays;

/**
 * Runs a {@link Program} over lanes, in blocks so small that the registers stay near the processor.
 * Nothing is allocated.
 */
@Real
final class LaneMachine {
  private static final int BLOCK = 128;

  private final Program program;
  private final @Real double[][] registers;

  /** The caller's array in which a row is, and where it starts there. */
  private final @Real double[][] arrays;

  private final int[] starts;

  LaneMachine(Program program) {
    this.program = program;
    registers = new @Real double[program.registers][BLOCK];
    arrays = new @Real double[program.rows.count()][];
    starts = new int[arrays.length];
  }

  /** Sets what does not depend on lanes, by {@link Expression#id}. */
  void uniforms(double[] values) {
    for (int i = 0; i < program.uniforms.size(); i++) {
      Arrays.fill(registers[i], (@Real double) values[program.uniforms.get(i).id]);
    }
  }

  /** Takes rows from an array {@code [count][n]} of the caller. */
  void bind(int row, int count, @Real double[] array, int n) {
    for (int i = 0; i < count; i++) {
      arrays[row + i] = array;
      starts[row + i] = i * n;
    }
  }

  /**
   * Runs.
   *
   * @param t the time of every lane, {@code [n]}
   * @param gradT what ACCUMULATE_TIME adds to, {@code [n]}
   * @param all whether the outputs are wanted that come last
   */
  void run(double[] t, double[] gradT, boolean all) {
    int count = all ? program.instructions.length : program.split;
    for (int from = 0; from < t.length; from += BLOCK) {
      int n = Math.min(BLOCK, t.length - from);
      for (int i = 0; i < count; i++) {
        Program.Instruction step = program.instructions[i];
        switch (step.operation()) {
          case LOAD ->
              System.arraycopy(
                  arrays[step.left()], starts[step.left()] + from, registers[step.to()], 0, n);
          case LOAD_TIME -> LaneLoops.loadTime(registers[step.to()], t, from, n);
          case STORE ->
              System.arraycopy(
                  registers[step.left()], 0, arrays[step.to()], starts[step.to()] + from, n);
          case ACCUMULATE ->
              LaneLoops.accumulate(
                  arrays[step.to()], starts[step.to()] + from, registers[step.left()], n);
          case ACCUMULATE_TIME -> LaneLoops.accumulateTime(gradT, from, registers[step.left()], n);
          default ->
              compute(
                  step.operation(),
                  registers[step.to()],
                  registers[step.left()],
                  registers[step.right()],
                  n);
        }
      }
    }
  }

  private static void compute(
      Operation operation, @Real double[] r, @Real double[] a, @Real double[] b, int n) {
    switch (operation) {
      case ADD -> LaneLoops.add(r, a, b, n);
      case SUBTRACT -> LaneLoops.subtract(r, a, b, n);
      case MULTIPLY -> LaneLoops.multiply(r, a, b, n);
      case DIVIDE -> LaneLoops.divide(r, a, b, n);
      case NEGATE -> LaneLoops.negate(r, a, n);
      case ABS -> LaneLoops.abs(r, a, n);
      case SQRT -> LaneLoops.sqrt(r, a, n);
      case SIN -> LaneLoops.sin(r, a, n);
      case COS -> LaneLoops.cos(r, a, n);
      case TANH -> LaneLoops.tanh(r, a, n);
      case EXP -> LaneLoops.exp(r, a, n);
      case LOG -> LaneLoops.log(r, a, n);
      case POW -> LaneLoops.pow(r, a, b, n);
      default -> LaneLoops.call(operation, r, a, b, n);
    }
  }
}
