package io.gradlens.model.keras;

import static io.gradlens.model.keras.KerasNetwork.apply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What single layers compute, against values worked out by hand from Keras' documentation. */
class KerasLayersTest {
  private static final float[] LINE = {-3, -1, -0.5f, 0.5f, 1, 7};

  @ParameterizedTest(name = "Keras {0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "3|ReLU|''|0 0 0 .5 1 7",
        "3|ReLU|'max_value':6.0,'negative_slope':0.1,'threshold':0.0|-.3 -.1 -.05 .5 1 6",
        "2|ReLU|'max_value':{'type':'ndarray','value':6.0},'threshold':0.6|0 0 0 0 1 6",
        "3|LeakyReLU|'negative_slope':0.1|-.3 -.1 -.05 .5 1 7",
        "2|LeakyReLU|'alpha':0.2|-.6 -.2 -.1 .5 1 7",
        "3|LeakyReLU||-.9 -.3 -.15 .5 1 7",
        "2|ThresholdedReLU|'theta':0.7|0 0 0 0 1 7",
        "3|ELU|'alpha':2.0|-1.9004259 -1.2642411 -.7869387 .5 1 7",
        "3|PReLU|'shared_axes':[1,2]|-.3 -.1 -.05 .5 1 7",
        "3|PReLU|'shared_axes':null|-.3 -.2 -.15 .5 1 7",
        "3|Activation|'activation':'leaky_relu'|-.6 -.2 -.1 .5 1 7",
        "3|Activation|'activation':'relu6'|0 0 0 .5 1 6",
        "2|Activation|'activation':'hard_sigmoid'|0 .3 .4 .6 .7 1",
        "3|Activation|'activation':'hard_sigmoid'|0 .3333333 .4166667 .5833333 .6666667 1",
        "3|Activation|'activation':'hard_silu'|0 -.3333333 -.2083333 .2916667 .6666667 7",
        "3|Activation|'activation':'linear'|-3 -1 -.5 .5 1 7",
        "3|Activation|'activation':'softsign'|-.75 -.5 -.3333333 .3333333 .5 .875",
        "3|Activation|'activation':{'class_name':'function','config':'relu'}|0 0 0 .5 1 7",
        "3|Activation|'activation':{'class_name':'LeakyReLU','config':{'negative_slope':0.5}}"
            + "|-1.5 -.5 -.25 .5 1 7",
        "2|Activation|'activation':'Package>swish'"
            + "|-.1422776 -.2689414 -.1887703 .3112297 .7310586 6.993624",
        "3|Activation|'activation':'gelu'" + "|-.0040497 -.1586553 -.1542688 .3457312 .8413447 7",
        "3|Rescaling|'scale':0.5,'offset':-1.0|-2.5 -1.5 -1.25 -.75 -.5 2.5",
        "3|LayerScale||-.3 -.1 -.05 .05 .1 .7",
        "3|StochasticDepth||-3 -1 -.5 .5 1 7",
        "3|Dropout|'rate':0.9|-3 -1 -.5 .5 1 7",
        "3|RandomRotation|'factor':0.9|-3 -1 -.5 .5 1 7",
        "3|Identity||-3 -1 -.5 .5 1 7",
        "3|Cropping2D|'cropping':[[0,0],[1,2]]|-1 -.5 .5",
        "3|ZeroPadding2D|'padding':[0,1]|0 -3 -1 -.5 .5 1 7 0",
        "3|MaxPooling2D|'pool_size':[1,2],'strides':null|-1 .5 7",
        "3|MaxPooling2D|'pool_size':[1,3],'strides':[1,2],'padding':'valid'|-.5 1",
        "3|AveragePooling2D|'pool_size':[1,3],'strides':[1,3],'padding':'same'|-1.5 2.8333333",
        "3|AveragePooling2D|'pool_size':[1,4],'strides':[1,4],'padding':'same'|-1.5 2.8333333",
        "3|GlobalMaxPooling2D|'keepdims':true|7",
        "3|GlobalAveragePooling2D||.6666667",
        "2|UpSampling2D|'size':[1,2],'interpolation':'nearest'"
            + "|-3 -3 -1 -1 -.5 -.5 .5 .5 1 1 7 7",
        "3|Reshape|'target_shape':[2,3,1]|-3 -1 -.5 .5 1 7",
        "3|Permute|'dims':[2,1,3]|-3 -1 -.5 .5 1 7",
      })
  void computesWhatKerasSays(int generation, String kind, String settings, String expected) {
    String config = settings == null || settings.equals("''") ? "" : settings;
    float[] actual = apply(generation, kind, config, new InputShape(1, 6, 1), LINE);

    assertThat(actual).containsExactly(numbers(expected), within(2e-6f));
  }

  @Test
  void convolutionHasStrideBiasAndFusedActivation() {
    String settings =
        "'filters':1,'kernel_size':[1,2],'strides':[1,2],'padding':'valid','activation':'relu'";
    float[] actual = apply(3, "Conv2D", settings, new InputShape(1, 6, 1), LINE);

    // Kernel [.1, .2] (weight 0), bias .2 (weight 1).
    assertThat(actual).containsExactly(new float[] {0, .25f, 1.7f}, within(1e-6f));
  }

  @Test
  void convolutionDilates() {
    String settings = "'filters':1,'kernel_size':[1,2],'dilation_rate':[1,3],'use_bias':false";
    float[] actual = apply(3, "Conv2D", settings, new InputShape(1, 6, 1), LINE);

    assertThat(actual).containsExactly(new float[] {-.2f, .1f, 1.35f}, within(1e-6f));
  }

  @Test
  void groupedConvolutionKeepsGroupsApart() {
    String settings = "'filters':2,'kernel_size':[1,1],'groups':2,'use_bias':false";
    float[] actual = apply(3, "Conv2D", settings, new InputShape(1, 1, 2), 1, 10);

    // Kernel [1,1,1,2] = [.1, .2]: filter 0 sees channel 0, filter 1 sees channel 1.
    assertThat(actual).containsExactly(new float[] {.1f, 2}, within(1e-6f));
  }

  @Test
  void depthwiseConvolutionMultipliesChannels() {
    String settings = "'kernel_size':[1,1],'depth_multiplier':2,'use_bias':false";
    float[] actual = apply(3, "DepthwiseConv2D", settings, new InputShape(1, 1, 2), 1, 10);

    // Kernel [1,1,2,2] = [[.1, .2], [.3, .4]].
    assertThat(actual).containsExactly(new float[] {.1f, .2f, 3, 4}, within(1e-5f));
  }

  @Test
  void separableConvolutionIsDepthwiseThenPointwise() {
    String settings = "'filters':1,'kernel_size':[1,1],'activation':'linear'";
    float[] actual = apply(3, "SeparableConv2D", settings, new InputShape(1, 1, 2), 1, 10);

    // Depthwise [.1, .2], pointwise [.2, .3], bias .3.
    assertThat(actual).containsExactly(new float[] {.1f * .2f + 2 * .3f + .3f}, within(1e-6f));
  }

  @Test
  void batchNormalizationGoesWithoutScaleAndCenter() {
    String settings = "'axis':[3],'epsilon':0.05,'scale':false,'center':false";
    float[] actual = apply(2, "BatchNormalization", settings, new InputShape(1, 1, 1), 1);

    // Mean .1 and variance .2 are then the first two weights.
    assertThat(actual).containsExactly(new float[] {.9f / .5f}, within(1e-6f));
  }

  @Test
  void batchNormalizationTakesGammaBetaMeanVariance() {
    String settings = "'axis':3,'epsilon':0.0";
    float[] actual = apply(3, "BatchNormalization", settings, new InputShape(1, 1, 1), 1);

    float expected = (float) (.1 * (1 - .3) / Math.sqrt(.4) + .2);
    assertThat(actual).containsExactly(new float[] {expected}, within(1e-6f));
  }

  @Test
  void layerNormalizationStandardisesChannels() {
    String settings = "'axis':[3],'epsilon':0.0";
    float[] actual = apply(3, "LayerNormalization", settings, new InputShape(1, 1, 2), 1, 3);

    // Standardised: −1, 1; gamma [.1, .2], beta [.2, .3].
    assertThat(actual).containsExactly(new float[] {.1f, .5f}, within(1e-5f));
  }

  @Test
  void normalizationUsesWhatItWasGivenOrAdaptedTo() {
    InputShape two = new InputShape(1, 1, 2);
    String given = "'axis':[-1],'mean':[1.0,2.0],'variance':[4.0,0.25]";
    assertThat(apply(3, "Normalization", given, two, 5, 3))
        .containsExactly(new float[] {2, 2}, within(1e-6f));

    String wrapped = "'axis':-1,'mean':{'class_name':'__numpy__','config':{'value':[[1.0,2.0]]}},";
    assertThat(
            apply(3, "Normalization", wrapped + "'variance':[4.0,0.25],'invert':true", two, 2, 2))
        .containsExactly(new float[] {5, 3}, within(1e-6f));

    // Adapted: mean [.1, .2], variance [.2, .3].
    float[] adapted = apply(2, "Normalization", "'axis':[3],'mean':null", two, 1, 1);
    float[] expected = {(float) (.9 / Math.sqrt(.2)), (float) (.8 / Math.sqrt(.3))};
    assertThat(adapted).containsExactly(expected, within(1e-6f));
  }

  @Test
  void rescalingTakesAListPerChannel() {
    String settings = "'scale':[2.0,3.0],'offset':[0.0,1.0]";
    assertThat(apply(3, "Rescaling", settings, new InputShape(1, 1, 2), 1, 1))
        .containsExactly(2, 4);
  }

  @Test
  void flattenKeepsTheOrderOfRowsColumnsAndChannels() {
    float[] image = new float[12];
    for (int i = 0; i < 12; i++) {
      image[i] = i;
    }
    assertThat(apply(3, "Permute", "'dims':[3,1,2]", new InputShape(2, 3, 2), image))
        .containsExactly(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Conv2D|'filters':1,'kernel_size':1,'data_format':'channels_first'|channels first",
        "MaxPooling2D|'data_format':'channels_first'|channels first",
        "Conv2D|'filters':1,'kernel_size':1,'padding':'causal'|padding 'causal'",
        "Conv2D|'kernel_size':1|has no usable 'filters'",
        "Conv2D|'filters':3,'kernel_size':1,'groups':2|into 2 groups",
        "Conv2D|'filters':1,'kernel_size':9|smaller than the kernel",
        "BatchNormalization|'axis':1|works along axis 1",
        "Softmax|'axis':1|works along axis 1",
        "Activation|'activation':'my_own'|the activation 'my_own', which is not supported; there are",
        "Lambda|'function':'x'|replace it by layers such as Rescaling",
        "Resizing|'height':2|let --resize",
        "Conv2DTranspose|'filters':1|is not supported; supported layers are: Activation, ",
        "UpSampling2D|'interpolation':'lanczos3'|nearest and bilinear",
        "Reshape|'target_shape':[5,5,5]|does not fit its input"
      })
  void refusesWhatItCannotDoByTheLayersName(String kind, String settings, String reason) {
    assertThatThrownBy(() -> apply(3, kind, settings, new InputShape(1, 6, 2), new float[12]))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer 'layer' (" + kind + ")")
        .hasMessageContaining(reason);
  }

  private static float[] numbers(String text) {
    String[] parts = text.split(" ");
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = Float.parseFloat(parts[i]);
    }
    return values;
  }
}
