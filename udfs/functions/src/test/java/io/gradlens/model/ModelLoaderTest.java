package io.gradlens.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gradlens.RealData;
import io.gradlens.UserInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad file is one line to the user. */
class ModelLoaderTest {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  @TempDir private Path folder;

  @Test
  void missingFileIsNamed() {
    assertRefused(folder.resolve("none.keras"), "there is no such file");
  }

  @Test
  void emptyFileIsNamed() throws IOException {
    assertRefused(Files.createFile(folder.resolve("model.h5")), "the file is empty");
  }

  @Test
  void folderIsNotAModel() {
    assertRefused(folder, "it is a folder");
  }

  @Test
  void savedModelFolderIsRefusedByName() throws IOException {
    Files.createFile(folder.resolve("saved_model.pb"));
    assertRefused(folder, "is a TensorFlow SavedModel; supported are Keras");
  }

  @ParameterizedTest
  @CsvSource({
    "model.tflite,'    TFL3        ',a TensorFlow Lite model",
    "model.onnx,'\b\t :pytorch',an ONNX model",
    "frozen.pb,'anything',a TensorFlow graph",
    "weights.safetensors,'        {}',bare weights",
    "model.pt,'\u0080\u0002pickle',a PyTorch model",
    "model.json,'{\"class_name\": \"Model\"}',an architecture without weights",
    "model.bin,'anything at all','not a model file of a known kind'"
  })
  void otherKindsAreRefusedByName(String name, String content, String kind) throws IOException {
    Path file = Files.write(folder.resolve(name), content.getBytes(ISO_8859_1));
    assertRefused(file, kind);
  }

  @ParameterizedTest
  @CsvSource({
    "archive/data.pkl,a PyTorch model",
    "readme.txt,a zip file without config.json",
    "metadata.json,a zip file without config.json"
  })
  void zipsOfOtherKindsAreRefusedByName(String entry, String kind) throws IOException {
    Path file = folder.resolve("model.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
    }
    assertRefused(file, kind);
  }

  @Test
  void randomBytesBehindTheHdf5SignatureAreADamagedFile() throws IOException {
    Path file = folder.resolve("model.h5");
    for (int seed = 0; seed < 200; seed++) {
      byte[] content = new byte[4096];
      new Random(seed).nextBytes(content);
      System.arraycopy(HDF5, 0, content, 0, HDF5.length);
      if (seed % 2 == 0) {
        Arrays.fill(content, HDF5.length, HDF5.length + 3, (byte) 0);
      }
      Files.write(file, content);
      assertRefused(file, "the file is damaged or cut short");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential.h5", "nested.keras", "functional.h5", "binary.keras"})
  void truncatedFilesAreDamaged(String name) throws IOException {
    byte[] whole = Files.readAllBytes(RealData.path("keras/" + name));
    Path file = folder.resolve(name);
    for (int tenths = 1; tenths < 10; tenths++) {
      Files.write(file, Arrays.copyOf(whole, whole.length * tenths / 10));
      assertRefused(file, "damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential.h5", "nested.h5", "binary.keras"})
  void flippedBytesNeverGiveAnythingButAModelOrOneLine(String name) throws IOException {
    byte[] whole = Files.readAllBytes(RealData.path("keras/" + name));
    Path file = folder.resolve(name);
    for (int seed = 0; seed < 60; seed++) {
      byte[] content = whole.clone();
      Random random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        content[random.nextInt(Math.min(content.length, 16_000))] = (byte) random.nextInt(256);
      }
      Files.write(file, content);
      Throwable thrown =
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(20), () -> catchThrowable(() -> ModelLoader.load(file).close()));
      if (thrown != null) {
        assertThat(thrown).as("seed %d", seed).isInstanceOf(UserInputException.class);
        assertThat(thrown.getMessage().lines()).as("seed %d", seed).hasSize(1);
      }
    }
  }

  @Test
  void aDamagedByteAmongTheWeightsOfAnArchiveIsFound() throws IOException {
    byte[] whole = Files.readAllBytes(RealData.path("keras/sequential.keras"));
    whole[whole.length / 2] ^= 1;
    assertRefused(Files.write(folder.resolve("m.keras"), whole), "checksum");
  }

  @Test
  void loadsByContentWhateverTheFileIsCalled() throws IOException {
    Path h5 = folder.resolve("model.keras");
    Files.copy(RealData.path("keras/sequential.h5"), h5);
    Path zip = folder.resolve("model.h5");
    Files.copy(RealData.path("keras/sequential.keras"), zip);

    try (ProbedModel one = ModelLoader.load(h5);
        ProbedModel other = ModelLoader.load(zip)) {
      assertThat(one.layers()).isEqualTo(other.layers());
      assertThat(one.headActivation()).isEqualTo(HeadActivation.SOFTMAX);
    }
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> ModelLoader.load(file))
        .isInstanceOf(UserInputException.class)
        .hasMessageStartingWith("Cannot load model " + file)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }
}
