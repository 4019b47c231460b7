package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With steps of its own, a trajectory's result does not depend on what else is in the batch. */
class BatchInvarianceTest {
  private static final long SEED = 17;

  /** Some of which start at NaN, some of which run to t = 9, where the driven field ends. */
  private static final int COUNT = 200;

  private static final int[] LANES = {8, 64, 256};

  static Stream<ButcherTableau> methods() {
    return Stream.of(Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853, Tableaus.BOSH3)
        .map(Tableaus::tableau);
  }

  private static DifferentiableField driven() {
    return ExpressionField.parse(
        "dx = y; dy = m*(1 - x^2)*y - x + a*log(9 - t); dw = x*y", Map.of("m", .7, "a", .2));
  }

  /** Trajectories with times, tolerances, lengths and directions of their own. */
  private record Batch(int dim, double[] y0, double[][] ts, double[] rtol, double[] atol) {

    static Batch random(int dim) {
      Random random = new Random(SEED);
      double[] y0 = random.doubles(COUNT * dim, -1.5, 1.5).toArray();
      double[][] ts = new double[COUNT][];
      double[] rtol = new double[COUNT];
      double[] atol = new double[COUNT];
      for (int i = 0; i < COUNT; i++) {
        double from = 4 * random.nextDouble();
        double to = i % 9 == 4 ? 9.5 : i % 3 == 0 ? from - 2 : from + .3 + 3 * random.nextDouble();
        int times = 1 + random.nextInt(6);
        ts[i] = new double[times];
        for (int j = 0; j < times; j++) {
          double x = times == 1 ? 0 : (j + (j % (times - 1) == 0 ? 0 : .4)) / (times - 1.);
          ts[i][j] = from + (to - from) * x;
        }
        rtol[i] = Math.pow(10, -3 - 3 * random.nextDouble());
        atol[i] = Math.pow(10, -3 - 3 * random.nextDouble());
        if (i % 23 == 11) {
          y0[i * dim] = Double.NaN;
        }
      }
      return new Batch(dim, y0, ts, rtol, atol);
    }

    Trajectories all() {
      return some(IntStream.range(0, COUNT).toArray());
    }

    Trajectories some(int... which) {
      double[] starts = new double[which.length * dim];
      double[][] times = new double[which.length][];
      double[] r = new double[which.length];
      double[] a = new double[which.length];
      for (int l = 0; l < which.length; l++) {
        System.arraycopy(y0, which[l] * dim, starts, l * dim, dim);
        times[l] = ts[which[l]];
        r[l] = rtol[which[l]];
        a[l] = atol[which[l]];
      }
      return Trajectories.of(dim, starts, times).withTolerances(r, a);
    }
  }

  static Stream<ButcherTableau> methodsAndAnImplicitOne() {
    return Stream.concat(methods(), Stream.of(Tableaus.KVAERNO5.tableau()));
  }

  @ParameterizedTest
  @MethodSource("methodsAndAnImplicitOne")
  void solutionsAreTheSameBitForBitAloneAndInAnyBatch(ButcherTableau tableau) {
    DifferentiableField field = driven();
    Batch batch = Batch.random(3);
    for (SaveAt save : SaveAt.values()) {
      OdeSolve how =
          OdeSolve.with(tableau, StepSizeController.adaptive(1, 1).withGains(.2, .6, .05))
              .saveAt(save)
              .stepTo(1.5);
      Solution all = how.solve(field, batch.all());
      assertThat(Stream.of(SolveStatus.values()).filter(s -> count(all, s) > 3))
          .as("statuses, seed %d", SEED)
          .contains(SolveStatus.SUCCESS, SolveStatus.NON_FINITE, SolveStatus.BAD_INITIAL);
      for (int lanes : LANES) {
        Solution other = how.lanes(lanes).solve(field, batch.all());
        for (int i = 0; i < COUNT; i++) {
          assertSame(other, i, all, i, "%s in %d lanes".formatted(save, lanes));
        }
      }
      for (int i = 0; i < COUNT; i += 3) {
        assertSame(how.solve(field, batch.some(i)), 0, all, i, save + " alone");
      }
    }
  }

  private static long count(Solution solution, SolveStatus status) {
    return IntStream.range(0, COUNT).filter(i -> solution.status(i) == status).count();
  }

  private static void assertSame(Solution actual, int l, Solution expected, int i, String where) {
    String what = "%s, trajectory %d, seed %d".formatted(where, i, SEED);
    assertThat(actual.status(l)).as(what).isEqualTo(expected.status(i));
    assertThat(actual.reached(l)).as(what).isEqualTo(expected.reached(i));
    assertThat(actual.nfe(l)).as(what).isEqualTo(expected.nfe(i));
    assertThat(actual.stepsAccepted(l)).as(what).isEqualTo(expected.stepsAccepted(i));
    assertThat(actual.stepsRejected(l)).as(what).isEqualTo(expected.stepsRejected(i));
    assertBits(actual.times(l), expected.times(i), what);
    assertBits(actual.ys(l), expected.ys(i), what);
  }

  private static void assertBits(double[] actual, double[] expected, String what) {
    // NaN equals NaN here.
    if (!Arrays.equals(actual, expected)) {
      assertThat(actual).as(what).isEqualTo(expected);
    }
  }

  @Test
  void interpolantsAreTheSameBitForBitAloneAndInABatch() {
    DifferentiableField field = driven();
    Batch batch = Batch.random(3);
    OdeSolve how =
        OdeSolve.with(Tableaus.DOP853.tableau(), StepSizeController.adaptive(1, 1))
            .saveAt(SaveAt.DENSE);
    Solution all = how.solve(field, batch.all());
    for (int i = 0; i < COUNT; i++) {
      if (all.status(i) == SolveStatus.SUCCESS && batch.ts[i].length > 1) {
        double[] ts = batch.ts[i];
        double t = ts[0] + .37 * (all.reached(i) - ts[0]);
        assertBits(how.solve(field, batch.some(i)).at(0, t), all.at(i, t), "trajectory " + i);
      }
    }
  }

  /** What a trajectory that fails has reached stays, the rest is NaN, the others do not notice. */
  @Test
  void failuresKeepWhatTheyReachedAndHarmNobody() {
    DifferentiableField field = driven();
    Batch batch = Batch.random(3);
    OdeSolve how =
        OdeSolve.with(Tableaus.TSIT5.tableau(), StepSizeController.adaptive(1, 1)).lanes(8);
    Solution all = how.solve(field, batch.all());
    int partial = 0;
    for (int i = 0; i < COUNT; i++) {
      double[] ts = batch.ts[i];
      for (int j = 0; j < ts.length; j++) {
        boolean isReached = (ts[j] - all.reached(i)) * (ts[ts.length - 1] - ts[0]) <= 0;
        if (all.status(i) == SolveStatus.BAD_INITIAL) {
          assertThat(j == 0 || Double.isNaN(all.y(i, j, 1))).isTrue();
        } else {
          assertThat(Double.isFinite(all.y(i, j, 0))).as("%d at %s", i, ts[j]).isEqualTo(isReached);
        }
        partial += j > 0 && isReached && !all.status(i).isSuccess() ? 1 : 0;
      }
    }
    assertThat(partial).as("seed %d", SEED).isGreaterThan(10);
    int[] good =
        IntStream.range(0, COUNT).filter(i -> all.status(i) == SolveStatus.SUCCESS).toArray();
    Solution without = how.solve(field, batch.some(good));
    for (int l = 0; l < good.length; l++) {
      assertSame(without, l, all, good[l], "without failures");
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void discreteGradientsAreTheSameBitForBitAloneAndInAnyBatch(ButcherTableau tableau) {
    OdeSolve how = OdeSolve.with(tableau, StepSizeController.adaptive(1, 1));
    DifferentiableField network = AdjointCase.network().field();
    for (DifferentiableField field : new DifferentiableField[] {driven(), network}) {
      Batch batch = Batch.random(field.dim());
      for (StepMemory memory :
          new StepMemory[] {
            StepMemory.store(), StepMemory.recompute(), StepMemory.checkpoints(20_000)
          }) {
        Gradients all = discrete(how, field, memory, batch.all());
        for (int lanes : LANES) {
          Gradients other = discrete(how.lanes(lanes), field, memory, batch.all());
          for (int i = 0; i < COUNT; i++) {
            assertSame(other, i, all, i, "%s in %d lanes".formatted(memory, lanes));
          }
        }
        for (int i = 0; i < COUNT; i += 7) {
          assertSame(discrete(how, field, memory, batch.some(i)), 0, all, i, memory + " alone");
        }
      }
    }
  }

  private static Gradients discrete(
      OdeSolve how, DifferentiableField field, StepMemory memory, Trajectories starts) {
    return new DiscreteAdjoint(how, field, ThetaGradient.PER_TRAJECTORY, memory)
        .gradient(starts, BatchInvarianceTest::loss);
  }

  /** Does not know a trajectory's number, which differs alone and in a batch. */
  private static double loss(int trajectory, double[] ts, double[] ys, double[] gradYs) {
    return AdjointCase.loss(0, ts, ys, gradYs);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void backsolvedGradientsAreTheSameBitForBitAloneAndInAnyBatch(ButcherTableau tableau) {
    OdeSolve how = OdeSolve.with(tableau, StepSizeController.adaptive(1e-4, 1e-4));
    DifferentiableField field = driven();
    Batch batch = Batch.random(3);
    for (ThetaNorm norm : ThetaNorm.values()) {
      Gradients all = backsolved(how, field, norm, batch.all());
      for (int lanes : LANES) {
        Gradients other = backsolved(how.lanes(lanes), field, norm, batch.all());
        for (int i = 0; i < COUNT; i++) {
          assertSame(other, i, all, i, "%s in %d lanes".formatted(norm, lanes));
        }
      }
      for (int i = 0; i < COUNT; i += 7) {
        assertSame(backsolved(how, field, norm, batch.some(i)), 0, all, i, norm + " alone");
      }
    }
  }

  private static Gradients backsolved(
      OdeSolve how, DifferentiableField field, ThetaNorm norm, Trajectories starts) {
    return new BacksolveAdjoint(how, how, field, ThetaGradient.PER_TRAJECTORY, norm)
        .gradient(starts, BatchInvarianceTest::loss);
  }

  private static void assertSame(Gradients actual, int l, Gradients expected, int i, String where) {
    String what = "%s, trajectory %d, seed %d".formatted(where, i, SEED);
    assertBits(actual.gradY0(l), expected.gradY0(i), what + ", y0");
    assertBits(actual.gradT(l), expected.gradT(i), what + ", times");
    assertBits(actual.gradTheta(l), expected.gradTheta(i), what + ", theta");
    boolean isSuccess = expected.solution().status(i).isSuccess();
    boolean isRight =
        Stream.of(expected.gradY0(i), expected.gradT(i), expected.gradTheta(i))
            .flatMapToDouble(Arrays::stream)
            .allMatch(number -> Double.isNaN(number) != isSuccess);
    assertThat(isRight).as("%s is NaN where it failed and only there", what).isTrue();
  }
}
