package io.gradlens.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @Test
  void bytesAreThoseOfTheFormatsDescription() {
    byte[] bytes =
        Safetensors.write(List.of(new Tensor("w", new int[] {1, 2}, new double[] {1, -2})));

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong();
    assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo("{\"w\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]}}");
    assertThat(header % 8).isZero();
    assertThat(buffer.getDouble(8 + header)).isEqualTo(1);
    assertThat(buffer.getDouble(16 + header)).isEqualTo(-2);
    assertThat(bytes).hasSize(8 + header + 16);
  }

  @Test
  void everyDoubleComesBack() {
    double[] odd = {
      0.1, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Math.nextUp(1.0), Double.POSITIVE_INFINITY
    };
    List<Tensor> tensors =
        Safetensors.read(
            Safetensors.write(
                List.of(
                    new Tensor("a.weight", new int[] {2, 3}, odd),
                    new Tensor("scalar", new int[0], new double[] {Math.PI}),
                    new Tensor("empty", new int[] {0, 4}, new double[0]))),
            "x");

    assertThat(tensors).extracting(Tensor::name).contains("a.weight", "scalar", "empty");
    double[] read = named(tensors, "a.weight").values();
    for (int i = 0; i < odd.length; i++) {
      assertThat(Double.doubleToRawLongBits(read[i])).isEqualTo(Double.doubleToRawLongBits(odd[i]));
    }
    assertThat(named(tensors, "scalar").shape()).isEmpty();
  }

  @Test
  void singlePrecisionIsWidenedAndMetadataPassedOver() {
    byte[] file =
        file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            buffer -> buffer.putFloat(0.1f).putFloat(-3),
            8);

    assertThat(Safetensors.read(file, "x")).hasSize(1);
    assertThat(Safetensors.read(file, "x").get(0).values()).containsExactly(0.1f, -3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                            | JSON object",
        "{\"b\"                                                        | not JSON",
        "{\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}} | 'b' has dtype 'BF16'",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}  | takes 12 bytes",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | cannot have the shape",
        "{\"b\":{\"dtype\":\"F64\",\"shape\":[99999999,99999999],\"data_offsets\":[0,8]}} | cannot have the shape",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}  | begins at byte 4, expected 0",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  | may be cut off",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[2]}}                         | two data_offsets",
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | Duplicate"
      })
  void damagedFilesAreRefusedWithTheReason(String header, String reason) {
    byte[] file = file(header.strip(), buffer -> buffer.putDouble(0), 8);

    assertThatThrownBy(() -> Safetensors.read(file, "weights.safetensors"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("weights.safetensors")
        .hasMessageContaining(reason);
  }

  @Test
  void filesOfAnyLengthAreRefusedWithoutACrash() {
    byte[] whole = Safetensors.write(List.of(new Tensor("w", new int[] {2}, new double[] {1, 2})));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.read(cut, "x")).isInstanceOf(UserInputException.class);
    }
  }

  private static Tensor named(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
  }

  private static byte[] file(
      String header, java.util.function.Consumer<ByteBuffer> numbers, int bytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(json.length).put(json);
    numbers.accept(buffer);
    return buffer.array();
  }
}
