package io.gradlens.odeblock;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The adjoint equations solved from 1 back to 0 along with the state: with s = 1 − t,
 *
 * <p>dz/ds = −f, da/ds = (∂f/∂z)ᵀ a, da_θ/ds = aᵀ ∂f/∂θ.
 *
 * <p>Steps are adapted to the errors of z and a, whichever is larger relative to its tolerance; a_θ
 * is an integral that nothing else depends on, and does not count (Kidger, Chen, Lyons, "Hey,
 * that's not an ODE": faster ODE adjoints via seminorms, 2021). Memory does not depend on the
 * number of steps: one tape, and slopes and gradients of one step.
 */
final class BacksolveSweep implements StepWalk.Walker {
  private final BlockMethod method;
  private final BlockField field;
  private final StepWalk walk;
  private final ErrorNorm norm;
  private final FieldTape tape;
  private final INDArray z;
  private final INDArray a;
  private final INDArray aStage;
  private final INDArray error;
  private final INDArray[] slopes;
  private final INDArray[] products;
  private final FieldGradient trial;
  private FieldGradient first;
  private FieldGradient next;
  private FieldGradient sums;
  private int evaluations;

  BacksolveSweep(BlockMethod method, BlockField field) {
    this.method = method;
    this.field = field;
    BatchShape shape = field.shape();
    walk = new StepWalk(method);
    norm = method.isFixed() ? null : new ErrorNorm(method.controller(), shape);
    tape = field.tape();
    z = shape.batch();
    a = shape.batch();
    aStage = shape.batch();
    error = shape.batch();
    slopes = new INDArray[method.tableau().end() + 1];
    products = new INDArray[slopes.length];
    Arrays.setAll(slopes, i -> shape.batch());
    Arrays.setAll(products, i -> shape.batch());
    trial = new FieldGradient(shape);
    first = new FieldGradient(shape);
    next = new FieldGradient(shape);
  }

  /** Evaluations of f with a vector–Jacobian product each, in the last run. */
  int evaluations() {
    return evaluations;
  }

  /**
   * @param end the state at 1
   * @param cotangent of it, overwritten by that of the state at 0
   * @param total the parameters' part is added
   * @throws ArithmeticException if the solve does not get to 0
   */
  void run(INDArray end, INDArray cotangent, FieldGradient total) {
    sums = total;
    evaluations = 0;
    z.assign(end);
    a.assign(cotangent);
    tape.state.assign(z);
    first.clear();
    evaluate(0, 0, a, 1, first);
    walk.run(this);
    cotangent.assign(a);
  }

  private void evaluate(int stage, double s, INDArray adjoint, double weight, FieldGradient to) {
    field.apply(1 - s, tape, slopes[stage]);
    field.vjp(tape, adjoint, products[stage], weight, to);
    evaluations++;
  }

  @Override
  public double firstStep() {
    double d0 = Math.sqrt(larger(z, a));
    double d1 = Math.sqrt(larger(slopes[0], products[0]));
    double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
    tape.state.assign(z);
    BlockMethod.add(-h0, slopes[0], tape.state);
    aStage.assign(a);
    BlockMethod.add(h0, products[0], aStage);
    evaluate(1, h0, aStage, 0, next);
    BlockMethod.add(-1, slopes[0], slopes[1]);
    BlockMethod.add(-1, products[0], products[1]);
    double d2 = Math.sqrt(larger(slopes[1], products[1])) / h0;
    return StepWalk.firstStep(h0, Math.max(d1, d2), method);
  }

  /** The larger of the two mean squares, relative to the tolerances of z and a. */
  private double larger(INDArray ofZ, INDArray ofA) {
    double squareZ = norm.square(error.assign(ofZ), z, z);
    double squareA = norm.square(error.assign(ofA), a, a);
    return Math.max(squareZ, squareA);
  }

  @Override
  public double attempt(double s, double end, boolean isLast) {
    double h = end - s;
    trial.clear();
    trial.add(first, h * method.tableau().b(0));
    int last = slopes.length - 1;
    for (int i = 1; i <= last; i++) {
      method.state(i, -h, z, slopes, tape.state);
      method.state(i, h, a, products, aStage);
      if (i < last) {
        evaluate(i, method.time(i, s, end), aStage, h * method.tableau().b(i), trial);
      } else if (!isLast || !method.isFixed()) {
        next.clear();
        evaluate(i, end, aStage, 1, next);
      }
    }
    return method.isFixed() ? 0 : ratio(h);
  }

  /** The square of the error ratio; the state at the end of the step is on the tape. */
  private double ratio(double h) {
    method.error(h, slopes, error);
    double ofZ = norm.square(error, z, tape.state);
    method.error(h, products, error);
    // NaN stays.
    return Math.max(ofZ, norm.square(error, a, aStage));
  }

  @Override
  public void accept(double s, double end) {
    sums.add(trial, 1);
    z.assign(tape.state);
    a.assign(aStage);
    int last = slopes.length - 1;
    swap(slopes, last);
    swap(products, last);
    FieldGradient free = first;
    first = next;
    next = free;
  }

  private static void swap(INDArray[] arrays, int last) {
    INDArray free = arrays[0];
    arrays[0] = arrays[last];
    arrays[last] = free;
  }

  void close() {
    tape.close();
    if (norm != null) {
      norm.close();
    }
    for (INDArray array : new INDArray[] {z, a, aStage, error}) {
      array.close();
    }
    for (int i = 0; i < slopes.length; i++) {
      slopes[i].close();
      products[i].close();
    }
    trial.close();
    first.close();
    next.close();
  }
}
