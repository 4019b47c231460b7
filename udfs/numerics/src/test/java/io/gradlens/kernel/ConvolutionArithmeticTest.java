package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionArithmeticTest {

  /** Counts the places where the kernel fits. */
  private static int counted(int n, int kernel, int stride) {
    int places = 0;
    for (int at = 0; at + kernel <= n; at += stride) {
      places++;
    }
    return places;
  }

  @Test
  void withoutPaddingTheKernelStaysInside() {
    for (int n = 1; n < 30; n++) {
      for (int kernel = 1; kernel <= n; kernel++) {
        for (int stride = 1; stride < 6; stride++) {
          assertThat(ConvolutionArithmetic.valid(n, kernel, stride))
              .as("%d, %d, %d", n, kernel, stride)
              .isEqualTo(counted(n, kernel, stride));
        }
      }
    }
    assertThatThrownBy(() -> ConvolutionArithmetic.valid(4, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An input of 4 is smaller than the kernel of 5");
  }

  @Test
  void samePaddingIsTheLeastThatGivesAnOutputForEveryStride() {
    for (int n = 1; n < 30; n++) {
      for (int kernel = 1; kernel < 8; kernel++) {
        for (int stride = 1; stride < 6; stride++) {
          int outputs = ConvolutionArithmetic.same(n, stride);
          int padding = ConvolutionArithmetic.samePadding(n, kernel, stride);
          assertThat(counted(n + padding, kernel, stride)).isGreaterThanOrEqualTo(outputs);
          if (padding > 0) {
            assertThat(counted(n + padding - 1, kernel, stride)).isEqualTo(outputs - 1);
          }
        }
      }
    }
  }

  /** A 3x3 kernel with holes one wide sees five pixels; an ODE-Net's 28 pixels become 6. */
  @Test
  void known() {
    assertThat(ConvolutionArithmetic.extent(3, 2)).isEqualTo(5);
    assertThat(ConvolutionArithmetic.valid(28, 3, 1)).isEqualTo(26);
    assertThat(ConvolutionArithmetic.valid(26 + 2, 4, 2)).isEqualTo(13);
    assertThat(ConvolutionArithmetic.valid(13 + 2, 4, 2)).isEqualTo(6);
    assertThat(ConvolutionArithmetic.same(224, 2)).isEqualTo(112);
  }

  /** VGG16's first and second convolution, and LeNet's first. */
  @ParameterizedTest
  @CsvSource({"3,3,64,3,1792", "3,3,64,64,36928", "5,5,6,1,156"})
  void parameters(int kernelH, int kernelW, int filters, int channels, long expected) {
    assertThat(ConvolutionArithmetic.parameters(kernelH, kernelW, filters, channels))
        .isEqualTo(expected);
  }
}
