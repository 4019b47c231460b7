package io.gradlens.ode.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.gradlens.kernel.FloatLaneKernel;
import io.gradlens.kernel.LaneKernel;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MlpTest {
  private static final int LANES = 5;
  private static final Offset<Double> ABOUT = within(2e-8);

  static Stream<MlpShape> shapes() {
    Stream<MlpShape> all =
        Stream.of(Activation.values())
            .flatMap(
                activation ->
                    Stream.of(
                        MlpShape.of(2, activation, 5),
                        MlpShape.of(1, activation, 3).withTime(),
                        MlpShape.of(3, activation, 4, 7).withPower(2).withAugmented(1),
                        MlpShape.of(2, activation, 6, 1, 5).withPower(3).withTime()));
    return Stream.concat(all, Stream.of(MlpShape.of(3, Activation.TANH)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void applyIsTheFormula(MlpShape shape) {
    Case data = new Case(shape, LANES);
    double[] got = data.apply(data.net());
    for (int l = 0; l < LANES; l++) {
      double[] expected = data.formula(l);
      for (int d = 0; d < shape.dim(); d++) {
        assertThat(got[d * LANES + l]).isCloseTo(expected[d], within(1e-14));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void vjpMatchesCentralDifferences(MlpShape shape) {
    Case data = new Case(shape, LANES);
    Mlp net = data.net();
    double[] gradY = new double[data.y.length];
    double[] gradTheta = new double[shape.params() * LANES];
    double[] gradT = new double[LANES];
    net.vjp(data.t, data.y, data.v, gradY, gradTheta, gradT);
    double h = 1e-6;
    for (int i = 0; i < data.y.length; i++) {
      int l = i % LANES;
      assertThat(gradY[i]).isCloseTo(slope(data.y, i, h, () -> data.inner(net)[l]), ABOUT);
    }
    for (int l = 0; l < LANES; l++) {
      int lane = l;
      assertThat(gradT[l]).isCloseTo(slope(data.t, l, h, () -> data.inner(net)[lane]), ABOUT);
    }
    double[] theta = net.theta();
    for (int p = 0; p < shape.params(); p++) {
      double keep = theta[p];
      theta[p] = keep + h;
      net.setTheta(theta);
      double[] above = data.inner(net);
      theta[p] = keep - h;
      net.setTheta(theta);
      double[] below = data.inner(net);
      theta[p] = keep;
      for (int l = 0; l < LANES; l++) {
        assertThat(gradTheta[p * LANES + l]).isCloseTo((above[l] - below[l]) / (2 * h), ABOUT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theQuadraticFormIsThatOfTheJacobian(MlpShape shape) {
    Case data = new Case(shape, LANES);
    Mlp net = data.net();
    double[] q = new double[LANES];
    net.quadraticForm(data.t, data.y, data.v, q);
    double[] gradY = new double[data.y.length];
    net.vjp(data.t, data.y, data.v, gradY, null, new double[LANES]);
    for (int l = 0; l < LANES; l++) {
      double expected = 0;
      for (int i = l; i < gradY.length; i += LANES) {
        expected += gradY[i] * data.v[i];
      }
      assertThat(q[l]).isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theQuadraticFormsVjpMatchesCentralDifferences(MlpShape shape) {
    Case data = new Case(shape, LANES);
    Mlp net = data.net();
    double[] c = new Random(9).doubles(LANES, -1, 1).toArray();
    double[] gradY = new double[data.y.length];
    double[] gradTheta = new double[shape.params() * LANES];
    double[] gradT = new double[LANES];
    net.quadraticFormVjp(data.t, data.y, data.v, c, gradY, gradTheta, gradT);
    double h = 1e-5;
    for (int i = 0; i < data.y.length; i++) {
      int l = i % LANES;
      assertThat(gradY[i]).isCloseTo(slope(data.y, i, h, () -> form(data, net, c)[l]), ABOUT);
    }
    for (int l = 0; l < LANES; l++) {
      int lane = l;
      assertThat(gradT[l]).isCloseTo(slope(data.t, l, h, () -> form(data, net, c)[lane]), ABOUT);
    }
    double[] theta = net.theta();
    for (int p = 0; p < theta.length; p++) {
      double keep = theta[p];
      theta[p] = keep + h;
      net.setTheta(theta);
      double[] above = form(data, net, c);
      theta[p] = keep - h;
      net.setTheta(theta);
      double[] below = form(data, net, c);
      theta[p] = keep;
      for (int l = 0; l < LANES; l++) {
        assertThat(gradTheta[p * LANES + l]).isCloseTo((above[l] - below[l]) / (2 * h), ABOUT);
      }
    }
  }

  /** q̄q of every lane. */
  private static double[] form(Case data, Mlp net, double[] cotangent) {
    double[] q = new double[LANES];
    net.quadraticForm(data.t, data.y, data.v, q);
    for (int l = 0; l < LANES; l++) {
      q[l] *= cotangent[l];
    }
    return q;
  }

  private static double slope(double[] x, int i, double h, DoubleSupplier f) {
    double keep = x[i];
    x[i] = keep + h;
    double above = f.getAsDouble();
    x[i] = keep - h;
    double below = f.getAsDouble();
    x[i] = keep;
    return (above - below) / (2 * h);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theTapeIsTheVjp(MlpShape shape) {
    int slots = 11;
    int p = shape.params();
    Case[] cases = new Case[slots];
    Tape sum = new Case(shape, LANES).net().tape(LANES, slots, ThetaGradient.SUM);
    Tape each = new Case(shape, LANES).net().tape(LANES, slots, ThetaGradient.PER_TRAJECTORY);
    Tape none = new Case(shape, LANES).net().tape(LANES, slots, ThetaGradient.NONE);
    Mlp net = new Case(shape, LANES).net();
    for (int s = 0; s < slots; s++) {
      cases[s] = new Case(shape, LANES, s);
      for (Tape tape : new Tape[] {sum, each, none}) {
        double[] f = new double[cases[s].y.length];
        tape.apply(s, cases[s].t, cases[s].y, f);
        assertThat(f).isEqualTo(cases[s].apply(net));
      }
    }
    double[] gradTheta = new double[p * LANES];
    for (int s = slots - 1; s >= 0; s--) {
      if (s == 4) {
        continue;
      }
      Case data = cases[s];
      double[] gradY = new double[data.y.length];
      double[] gradT = new double[LANES];
      net.vjp(data.t, data.y, data.v, gradY, gradTheta, gradT);
      for (Tape tape : new Tape[] {sum, each, none}) {
        double[] y = new double[data.y.length];
        double[] t = new double[LANES];
        tape.vjp(s, data.v, y, t);
        assertThat(y).isEqualTo(gradY);
        assertThat(t).isEqualTo(gradT);
        if (s == 6) {
          tape.apply(s, data.t, data.v, new double[data.y.length]);
        }
      }
    }
    double[] perLane = new double[p * LANES];
    each.addThetaGradient(perLane);
    assertThat(perLane).isEqualTo(gradTheta);
    double[] total = new double[p];
    sum.addThetaGradient(total);
    for (int i = 0; i < p; i++) {
      double expected = Arrays.stream(gradTheta, i * LANES, (i + 1) * LANES).sum();
      assertThat(total[i]).isCloseTo(expected, within(1e-13));
    }
    double[] nothing = new double[p * LANES];
    none.addThetaGradient(nothing);
    each.addThetaGradient(nothing);
    sum.addThetaGradient(nothing);
    assertThat(nothing).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aLaneDoesNotDependOnTheOthers(MlpShape shape) {
    Case all = new Case(shape, 70);
    Mlp net = all.net();
    double[] expected = all.apply(net);
    double[] expectedY = new double[all.y.length];
    net.vjp(all.t, all.y, all.v, expectedY, null, new double[70]);
    for (int n = 1; n < 70; n++) {
      Case some = all.first(n);
      double[] f = some.apply(net);
      double[] gradY = new double[some.y.length];
      net.vjp(some.t, some.y, some.v, gradY, null, new double[n]);
      for (int d = 0; d < shape.dim(); d++) {
        for (int l = 0; l < n; l++) {
          assertThat(f[d * n + l]).isEqualTo(expected[d * 70 + l]);
          assertThat(gradY[d * n + l]).isEqualTo(expectedY[d * 70 + l]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void plainAndVectorKernelsGiveTheSameBits(MlpShape shape) {
    for (int n = 1; n <= 33; n++) {
      Case data = new Case(shape, n);
      assertThat(gradients(data, LaneKernel.fastest()))
          .isEqualTo(gradients(data, LaneKernel.plain()));
      assertThat(floatGradients(data, FloatLaneKernel.fastest()))
          .isEqualTo(floatGradients(data, FloatLaneKernel.plain()));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void singlePrecisionIsDoubleWithin1e5(MlpShape shape) {
    Case data = new Case(shape, LANES);
    double[] expected = gradients(data, LaneKernel.plain());
    double[] got = floatGradients(data, FloatLaneKernel.plain());
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(1e-5 * (1 + Math.abs(expected[i]))));
    }
  }

  /** f, aᵀ∂f/∂y and the sum of aᵀ∂f/∂θ, one after the other. */
  private static double[] gradients(Case data, LaneKernel products) {
    Tape tape = new Mlp(data.shape, data.theta, products).tape(data.lanes, 1, ThetaGradient.SUM);
    double[] f = new double[data.y.length];
    double[] gradY = new double[data.y.length];
    double[] gradTheta = new double[data.theta.length];
    tape.apply(0, data.t, data.y, f);
    tape.vjp(0, data.v, gradY, new double[data.lanes]);
    tape.addThetaGradient(gradTheta);
    return concat(f, gradY, gradTheta);
  }

  private static double[] floatGradients(Case data, FloatLaneKernel products) {
    io.gradlens.ode.FloatTape tape =
        new FloatMlp(data.shape, data.theta, products).tape(data.lanes, 1, ThetaGradient.SUM);
    float[] f = new float[data.y.length];
    float[] gradY = new float[data.y.length];
    double[] gradTheta = new double[data.theta.length];
    tape.apply(0, data.t, single(data.y), f);
    tape.vjp(0, single(data.v), gradY, new double[data.lanes]);
    tape.addThetaGradient(gradTheta);
    return concat(real(f), real(gradY), gradTheta);
  }

  private static double[] concat(double[]... parts) {
    return Stream.of(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static float[] single(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  private static double[] real(float[] values) {
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  @Test
  void nothingIsAllocatedOnTheWay() {
    Case data = new Case(MlpShape.of(3, Activation.SOFTPLUS, 8, 9).withPower(2).withTime(), 19);
    Mlp net = new Mlp(data.shape, data.theta, LaneKernel.plain());
    Tape tape = net.tape(19, 3, ThetaGradient.SUM);
    double[] f = new double[data.y.length];
    double[] gradY = new double[data.y.length];
    double[] gradTheta = new double[data.theta.length];
    double[] perLane = new double[data.theta.length * 19];
    double[] gradT = new double[19];
    Runnable step =
        () -> {
          net.apply(data.t, data.y, f);
          net.vjp(data.t, data.y, data.v, gradY, perLane, gradT);
          for (int s = 0; s < 3; s++) {
            tape.apply(s, data.t, data.y, f);
            tape.vjp(s, data.v, gradY, gradT);
          }
          tape.addThetaGradient(gradTheta);
        };
    step.run();
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      step.run();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
  }

  @Test
  void anAugmentedStateIsLiftedByZeros() {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 4).withAugmented(3);
    assertThat(shape.dim()).isEqualTo(5);
    assertThat(shape.lift(new double[] {1, 2})).containsExactly(1, 2, 0, 0, 0);
    assertThatThrownBy(() -> shape.lift(new double[5]))
        .hasMessage("Cannot lift a state of 5 components: the network has 5, 3 of them augmented.");
  }

  @Test
  void parametersAreInTorchsOrder() {
    MlpShape shape = MlpShape.of(2, Activation.IDENTITY, 1);
    Mlp net = new Mlp(shape, new double[] {2, 3, 5, 7, 11, 13, 17});
    double[] f = new double[2];
    net.apply(new double[1], new double[] {1, 10}, f);
    assertThat(f).containsExactly(7 * (2 + 30 + 5) + 13, 11 * (2 + 30 + 5) + 17);
    assertThatThrownBy(() -> net.setTheta(new double[6]))
        .hasMessage("Cannot set 6 parameters: the network has 7.");
  }

  @Test
  void initialParametersHaveTheRightSpread() {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 2000);
    double[] normal = shape.normal(0.1, 7);
    assertThat(normal).isEqualTo(shape.normal(0.1, 7)).isNotEqualTo(shape.normal(0.1, 8));
    double variance = Arrays.stream(normal, 0, 4000).map(w -> w * w).average().orElseThrow();
    assertThat(Math.sqrt(variance)).isCloseTo(0.1, within(0.005));
    assertThat(Arrays.copyOfRange(normal, 4000, 6000)).containsOnly(0);
    double bound = Math.sqrt(6.0 / 2002);
    double[] glorot = shape.glorot(7);
    double largest = Arrays.stream(glorot).map(Math::abs).max().orElseThrow();
    assertThat(largest).isBetween(0.99 * bound, bound);
  }

  /** A network with random parameters, and a random state and cotangent for every lane. */
  private static final class Case {
    final MlpShape shape;
    final int lanes;
    final double[] theta;
    final double[] t;
    final double[] y;
    final double[] v;

    Case(MlpShape shape, int lanes) {
      this(shape, lanes, 0);
    }

    Case(MlpShape shape, int lanes, int seed) {
      this.shape = shape;
      this.lanes = lanes;
      theta = new Random(3).doubles(shape.params(), -1, 1).toArray();
      Random random = new Random(31L * seed + lanes);
      t = random.doubles(lanes, 0, 2).toArray();
      y = random.doubles(shape.dim() * lanes, -1.5, 1.5).toArray();
      v = random.doubles(shape.dim() * lanes, -1, 1).toArray();
    }

    private Case(Case all, int lanes) {
      shape = all.shape;
      this.lanes = lanes;
      theta = all.theta;
      t = Arrays.copyOf(all.t, lanes);
      y = new double[shape.dim() * lanes];
      v = new double[shape.dim() * lanes];
      for (int d = 0; d < shape.dim(); d++) {
        System.arraycopy(all.y, d * all.lanes, y, d * lanes, lanes);
        System.arraycopy(all.v, d * all.lanes, v, d * lanes, lanes);
      }
    }

    Case first(int n) {
      return new Case(this, n);
    }

    Mlp net() {
      return new Mlp(shape, theta);
    }

    double[] apply(Mlp net) {
      double[] f = new double[y.length];
      net.apply(t, y, f);
      return f;
    }

    /** vᵀf of every lane. */
    double[] inner(Mlp net) {
      double[] f = apply(net);
      double[] sums = new double[lanes];
      for (int i = 0; i < f.length; i++) {
        sums[i % lanes] += v[i] * f[i];
      }
      return sums;
    }

    /** f of one lane, as a textbook has it. */
    double[] formula(int lane) {
      double[] x = new double[shape.inputs(0)];
      for (int d = 0; d < shape.dim(); d++) {
        x[d] = Math.pow(y[d * lanes + lane], shape.power());
      }
      if (x.length > shape.dim()) {
        x[shape.dim()] = t[lane];
      }
      for (int l = 0; l < shape.layers(); l++) {
        int at = shape.offset(l);
        double[] z = new double[shape.outputs(l)];
        for (int i = 0; i < z.length; i++) {
          z[i] = theta[at + z.length * x.length + i];
          for (int j = 0; j < x.length; j++) {
            z[i] += theta[at + i * x.length + j] * x[j];
          }
          z[i] = l < shape.layers() - 1 ? activate(shape.activation(), z[i]) : z[i];
        }
        x = z;
      }
      return x;
    }

    private static double activate(Activation activation, double z) {
      return switch (activation) {
        case TANH -> Math.tanh(z);
        case RELU -> Math.max(z, 0);
        case ELU -> z > 0 ? z : Math.expm1(z);
        case SOFTPLUS -> Math.log1p(Math.exp(z));
        case SIN -> Math.sin(z);
        case IDENTITY -> z;
      };
    }
  }
}
