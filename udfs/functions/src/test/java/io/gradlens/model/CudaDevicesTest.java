package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaDevicesTest {

  @ParameterizedTest
  @ValueSource(strings = {"3.7, Tesla K80", "6.0, P100", "7.5, T4", "8.0, A100", "8.9, L4"})
  void gpusUpToAdaAreTaken(String device) {
    assertThatCode(() -> CudaDevices.requireSupported(List.of(device))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.0, NVIDIA H100", "10.0, B200", "12.0, RTX 5090", "3.5, Tesla K40"})
  void otherGpusAreRefusedByName(String device) {
    assertThatThrownBy(() -> CudaDevices.requireSupported(List.of("8.0, A100", device)))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining(device.substring(device.indexOf(' ') + 1))
        .hasMessageContaining("without -Pcuda");
  }

  @Test
  void theNativeBuildNeedsNoGpu() {
    assertThatCode(CudaDevices::check).doesNotThrowAnyException();
  }
}
