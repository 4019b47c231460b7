package io.gradlens.cam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every registered method must do. */
class CamMethodsTest {

  /**
   * Two channels, A_0 = diag(1,2,3,4) and A_1 = 1 everywhere; g_0 is ½ in the first row, g_1 is 1
   * in the upper left quarter and −½ in the lower right one, 0 elsewhere.
   */
  private static final ActivationTap BY_HAND =
      new ActivationTap(
          2,
          4,
          4,
          new float[] {
            1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, //
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
          },
          new float[] {
            .5f, .5f, .5f, .5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
            1, 1, 0, 0, 1, 1, 0, 0, 0, 0, -.5f, -.5f, 0, 0, -.5f, -.5f
          });

  /** Worked out from the formulas: w_0·A_0 + w_1, or the sums themselves. */
  private static final Map<String, double[]> EXPECTED =
      Map.of(
          // w = 4·½/16 and (4 − 4·½)/16.
          "grad-cam", weighted(1 / 8.0, 1 / 8.0),
          // α_0 = ¼/(½ + 10/8) = 1/7, α_1 = 1/(2 + 16); four places each.
          "grad-cam++", weighted(4 / 7.0 / 2, 4 / 18.0),
          // Σ g·A / ΣA = ½/10 and 2/16.
          "xgrad-cam", weighted(1 / 20.0, 1 / 8.0),
          "hires-cam", new double[] {1.5, 1, 0, 0, 1, 1, 0, 0, 0, 0, -.5, -.5, 0, 0, -.5, -.5},
          "layer-cam", new double[] {1.5, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void equalsTheFormulaWorkedOutByHand(CamMethods registered) {
    SaliencyMap map = registered.method().map(BY_HAND);
    double[] expected = EXPECTED.get(registered.method().name());
    assertThat(expected).as("work the map out for a new method").isNotNull();
    assertThat(map.height()).isEqualTo(4);
    assertThat(map.width()).isEqualTo(4);
    assertClose(map.signed(), expected, 2e-6);
    for (int i = 0; i < 16; i++) {
      assertThat((double) map.heatmap()[i]).isCloseTo(Math.max(0, expected[i]), within(2e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void channelWeightsMakeTheMapWhereThereAreAny(CamMethods registered) {
    ActivationTap tap = random(11, 6, 3, 5);
    SaliencyMap map = registered.method().map(tap);
    if (map.channelWeights() == null) {
      assertThat(registered).isIn(CamMethods.HIRES_CAM, CamMethods.LAYER_CAM);
      return;
    }
    double[] sum = new double[15];
    for (int at = 0; at < tap.activation().length; at++) {
      sum[at % 15] += (double) map.channelWeights()[at / 15] * tap.activation()[at];
    }
    assertClose(map.signed(), sum, 1e-5);
  }

  /** A → s·A with g → g/s is the same network with its layer's unit changed. */
  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void theUnitOfTheLayerDoesNotMatter(CamMethods registered) {
    ActivationTap tap = random(3, 8, 5, 4);
    ActivationTap rescaled =
        new ActivationTap(8, 5, 4, times(tap.activation(), 8), times(tap.gradient(), 1 / 8f));
    // Not exact for the methods with an ε.
    assertClose(
        registered.method().map(rescaled).signed(),
        doubles(registered.method().map(tap).signed()),
        1e-3);
  }

  @ParameterizedTest
  @EnumSource(
      value = CamMethods.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "GRAD_CAM_PLUS_PLUS")
  void theMapGrowsWithTheLogit(CamMethods registered) {
    ActivationTap tap = random(4, 8, 5, 4);
    ActivationTap tripled = new ActivationTap(8, 5, 4, tap.activation(), times(tap.gradient(), 3));
    assertClose(
        registered.method().map(tripled).signed(),
        doubles(times(registered.method().map(tap).signed(), 3)),
        1e-5);
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void theOrderOfChannelsDoesNotMatter(CamMethods registered) {
    ActivationTap tap = random(5, 2, 4, 4);
    ActivationTap swapped =
        new ActivationTap(2, 4, 4, halvesSwapped(tap.activation()), halvesSwapped(tap.gradient()));
    assertThat(registered.method().map(swapped).signed())
        .isEqualTo(registered.method().map(tap).signed());
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void whatSpeaksAgainstTheClassGivesAZeroMapWithAFlag(CamMethods registered) {
    float[] activation = random(6, 8, 5, 4).activation();
    float[] gradient = new float[activation.length];
    Arrays.fill(gradient, -0.25f);
    SaliencyMap map = registered.method().map(new ActivationTap(8, 5, 4, activation, gradient));
    assertThat(map.isZero()).isTrue();
    assertThat(map.heatmap()).containsOnly(0f);
    assertThat(map.rawMax()).isLessThanOrEqualTo(0f);
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void nothingActiveOrNoGradientGivesAZeroMap(CamMethods registered) {
    ActivationTap tap = random(7, 8, 5, 4);
    float[] none = new float[tap.activation().length];
    for (ActivationTap empty :
        new ActivationTap[] {
          new ActivationTap(8, 5, 4, none, tap.gradient()),
          new ActivationTap(8, 5, 4, tap.activation(), none),
          new ActivationTap(8, 5, 4, none, none)
        }) {
      SaliencyMap map = registered.method().map(empty);
      assertThat(map.isZero()).isTrue();
      assertThat(map.heatmap()).containsOnly(0f);
    }
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void aNetworkThatOverflowsIsReportedNotMapped(CamMethods registered) {
    ActivationTap tap = random(8, 3, 4, 4);
    float[] gradient = tap.gradient().clone();
    gradient[20] = Float.NaN;
    ActivationTap broken = new ActivationTap(3, 4, 4, tap.activation(), gradient);
    assertThatThrownBy(() -> registered.method().map(broken))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN");
  }

  @ParameterizedTest
  @EnumSource(CamMethods.class)
  void inputsAreOnlyRead(CamMethods registered) {
    ActivationTap tap = random(9, 3, 4, 4);
    float[] activation = tap.activation().clone();
    float[] gradient = tap.gradient().clone();
    registered.method().map(tap);
    assertThat(tap.activation()).isEqualTo(activation);
    assertThat(tap.gradient()).isEqualTo(gradient);
  }

  /** y_c = Σ_k W_ck·mean(A_k): ∂y_c/∂A_k is W_ck/Z everywhere. */
  @ParameterizedTest
  @EnumSource(
      value = CamMethods.class,
      names = {"GRAD_CAM", "HIRES_CAM", "XGRAD_CAM"})
  void behindAPooledLinearHeadItIsTheOlderCamOverZ(CamMethods registered) {
    int channels = 32;
    int area = 49;
    float[] activation = random(10, channels, 7, 7).activation();
    Random random = new Random(10);
    float[] gradient = new float[activation.length];
    double[] cam = new double[area];
    for (int k = 0; k < channels; k++) {
      float weight = (float) random.nextGaussian();
      for (int i = 0; i < area; i++) {
        gradient[k * area + i] = weight / area;
        cam[i] += weight * activation[k * area + i];
      }
    }
    SaliencyMap map =
        registered.method().map(new ActivationTap(channels, 7, 7, activation, gradient));
    double[] expected = Arrays.stream(cam).map(v -> v / area).toArray();
    assertClose(map.signed(), expected, 1e-6);
  }

  @Test
  void gradCamPlusPlusDependsOnTheScaleOfTheLogit() {
    ActivationTap tap = random(4, 8, 5, 4);
    float[] tiny = times(tap.gradient(), 1e-5f);
    SaliencyMap map = new GradCamPlusPlus().map(tap);
    SaliencyMap small =
        new GradCamPlusPlus().map(new ActivationTap(8, 5, 4, tap.activation(), tiny));
    // The ε outweighs g²: the weights fall with g³, not with g.
    assertThat(small.rawMax() / map.rawMax()).isLessThan(1e-7f);
  }

  @Test
  void namesAreUniqueAndFoundAgain() {
    assertThat(CamMethods.values()).extracting(m -> m.method().name()).doesNotHaveDuplicates();
    for (CamMethods registered : CamMethods.values()) {
      assertThat(CamMethods.named(registered.method().name())).isSameAs(registered.method());
    }
  }

  @Test
  void anUnknownMethodIsRefusedWithTheNames() {
    assertThatThrownBy(() -> CamMethods.named("gradcam"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Method 'gradcam' is not known; methods are: grad-cam, grad-cam++, hires-cam,"
                + " layer-cam, xgrad-cam.");
  }

  @Test
  void aTapWhoseArraysDoNotFitIsRefused() {
    assertThatThrownBy(() -> new ActivationTap(2, 3, 3, new float[18], new float[9]))
        .hasMessageContaining("needs 18 activations and gradients, got 18 and 9");
  }

  private static double[] weighted(double w0, double w1) {
    double[] map = new double[16];
    Arrays.fill(map, w1);
    for (int i = 0; i < 4; i++) {
      map[5 * i] += w0 * (i + 1);
    }
    return map;
  }

  /** Activations as behind a ReLU, gradients of both signs and none near 0. */
  private static ActivationTap random(long seed, int channels, int height, int width) {
    Random random = new Random(seed);
    float[] activation = new float[channels * height * width];
    float[] gradient = new float[activation.length];
    for (int i = 0; i < activation.length; i++) {
      activation[i] = Math.max(0f, (float) random.nextGaussian());
      double g = random.nextGaussian();
      gradient[i] = (float) (g + Math.copySign(0.1, g));
    }
    return new ActivationTap(channels, height, width, activation, gradient);
  }

  private static void assertClose(float[] actual, double[] expected, double relative) {
    double max = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(relative * max));
    }
  }

  private static float[] times(float[] values, float factor) {
    float[] out = values.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= factor;
    }
    return out;
  }

  private static float[] halvesSwapped(float[] values) {
    int half = values.length / 2;
    float[] out = new float[values.length];
    System.arraycopy(values, half, out, 0, half);
    System.arraycopy(values, 0, out, half, half);
    return out;
  }

  private static double[] doubles(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }
}
