package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums of any number of terms against their definition, and vectors against plain loops. */
class StageSumsTest {
  private static final int N = 48;

  @Test
  void sumsAreThoseOfTheirTerms() {
    Random random = new Random(1);
    for (int terms = 0; terms <= 16; terms++) {
      double[][] k = new double[17][];
      for (int j = 0; j < k.length; j++) {
        k[j] = random.doubles(N, -1, 1).toArray();
      }
      double[] row = new double[17];
      for (int j = 0; j < terms; j++) {
        row[j + (j > 3 ? 1 : 0)] = random.nextDouble();
      }
      double[] y = random.doubles(N).toArray();
      double[] h = random.doubles(N).toArray();
      double[] out = new double[N];
      new StageSums(new double[][] {row}).add(0, out, y, h, k, N);
      for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
          sum += row[j] * k[j][i];
        }
        assertThat(out[i]).as("%d terms", terms).isCloseTo(y[i] + h[i] * sum, within(1e-14));
      }
    }
  }

  /** Every loop, called with the same numbers in both implementations and precisions. */
  @Test
  void vectorsHaveTheBitsOfPlainLoops() throws ReflectiveOperationException {
    assumeThat(LaneKernel.fastest()).isInstanceOf(VectorLaneKernel.class);
    assertThat(compared(StageLoops.class, new PlainStageLoops(), new VectorStageLoops()))
        .isEqualTo(7);
    assertThat(
            compared(
                FloatStageLoops.class, new FloatPlainStageLoops(), new FloatVectorStageLoops()))
        .isEqualTo(7);
  }

  private static int compared(Class<?> loops, Object plain, Object vector)
      throws ReflectiveOperationException {
    Method[] methods = loops.getDeclaredMethods();
    for (Method method : methods) {
      assertThat(call(method, vector)).as(method.getName()).isEqualTo(call(method, plain));
    }
    return methods.length;
  }

  private static Object call(Method method, Object loops)
      throws IllegalAccessException, InvocationTargetException {
    Random random = new Random(1);
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      double[] numbers = random.doubles(N, -1, 1).toArray();
      if (types[i] == double[].class) {
        arguments[i] = numbers;
      } else if (types[i] == float[].class) {
        float[] singles = new float[N];
        for (int j = 0; j < N; j++) {
          singles[j] = (float) numbers[j];
        }
        arguments[i] = singles;
      } else if (types[i] == int.class) {
        arguments[i] = N;
      } else {
        arguments[i] = types[i] == float.class ? (Object) (float) numbers[0] : numbers[0];
      }
    }
    method.invoke(loops, arguments);
    assertThat(arguments[0]).isNotNull();
    return arguments[0];
  }
}
