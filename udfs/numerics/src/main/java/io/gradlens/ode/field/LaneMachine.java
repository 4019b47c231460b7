package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * Runs a {@link Program} over lanes, in blocks so small that the registers stay near the processor.
 * Nothing is allocated.
 */
@Real
final class LaneMachine {
  private static final int BLOCK = 128;

  /**
   * An instruction with its registers at hand: r is written, a and b are read. Where a row of the
   * caller takes part, that is its number.
   */
  private record Step(
      Operation operation, @Real double[] r, @Real double[] a, @Real double[] b, int row) {}

  private final Program program;
  private final @Real double[][] registers;
  private final Step[] steps;

  /** The caller's array in which a row is, and where it starts there. */
  private final @Real double[][] arrays;

  private final int[] starts;

  LaneMachine(Program program) {
    this.program = program;
    registers = new @Real double[program.registers][BLOCK];
    arrays = new @Real double[program.rows.count()][];
    starts = new int[arrays.length];
    steps = Arrays.stream(program.instructions).map(this::resolve).toArray(Step[]::new);
  }

  private Step resolve(Program.Instruction i) {
    return switch (i.operation()) {
      case LOAD -> new Step(i.operation(), registers[i.to()], null, null, i.left());
      case STORE, ACCUMULATE, ACCUMULATE_TIME ->
          new Step(i.operation(), null, registers[i.left()], null, i.to());
      default ->
          new Step(i.operation(), registers[i.to()], registers[i.left()], registers[i.right()], 0);
    };
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
    int count = all ? steps.length : program.split;
    for (int from = 0; from < t.length; from += BLOCK) {
      int n = Math.min(BLOCK, t.length - from);
      for (int i = 0; i < count; i++) {
        Step s = steps[i];
        switch (s.operation) {
          case ADD -> LaneLoops.add(s.r, s.a, s.b, n);
          case SUBTRACT -> LaneLoops.subtract(s.r, s.a, s.b, n);
          case MULTIPLY -> LaneLoops.multiply(s.r, s.a, s.b, n);
          case DIVIDE -> LaneLoops.divide(s.r, s.a, s.b, n);
          case NEGATE -> LaneLoops.negate(s.r, s.a, n);
          case ABS -> LaneLoops.abs(s.r, s.a, n);
          case SQRT -> LaneLoops.sqrt(s.r, s.a, n);
          case SIN -> LaneLoops.sin(s.r, s.a, n);
          case COS -> LaneLoops.cos(s.r, s.a, n);
          case TANH -> LaneLoops.tanh(s.r, s.a, n);
          case EXP -> LaneLoops.exp(s.r, s.a, n);
          case LOG -> LaneLoops.log(s.r, s.a, n);
          case POW -> LaneLoops.pow(s.r, s.a, s.b, n);
          case LOAD -> System.arraycopy(arrays[s.row], starts[s.row] + from, s.r, 0, n);
          case LOAD_TIME -> LaneLoops.loadTime(s.r, t, from, n);
          case STORE -> System.arraycopy(s.a, 0, arrays[s.row], starts[s.row] + from, n);
          case ACCUMULATE -> LaneLoops.accumulate(arrays[s.row], starts[s.row] + from, s.a, n);
          case ACCUMULATE_TIME -> LaneLoops.accumulateTime(gradT, from, s.a, n);
          default -> LaneLoops.call(s.operation, s.r, s.a, s.b, n);
        }
      }
    }
  }
}
