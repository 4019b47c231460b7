package io.gradlens.model.keras;

import static io.gradlens.model.keras.KerasConfiguration.json;
import static io.gradlens.model.keras.KerasH5File.layer;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keras files that are sound but cannot be used, and what the user is told. */
class KerasRefusedFilesTest {
  private static final String DENSE =
      """
      {'class_name':'Sequential','config':{'name':'s','layers':[
        {'class_name':'InputLayer','config':{'name':'i','batch_shape':[null,1,1,2]}},
        {'class_name':'Dense','config':{'name':'first','units':2,'use_bias':false}},
        {'class_name':'Flatten','config':{'name':'flat'}},
        {'class_name':'Dense','config':{'name':'second','units':1}}]}}
      """;

  @TempDir private Path folder;

  @Test
  void weightsOfTheWrongShapeNameTheLayer() {
    Path file = h5("2.4.0", DENSE, weights -> layer(weights, "first", "k", new float[][] {{1, 2}}));
    assertThatThrownBy(() -> KerasModelReader.read(file))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer 'first' (Dense) has a weight of shape [1, 2] in the file")
        .hasMessageContaining("imply [2, 2]");
  }

  @Test
  void missingWeightsNameTheLayer() throws IOException {
    Path h5 = h5("2.4.0", DENSE, weights -> weights.putGroup("other"));
    assertThatThrownBy(() -> KerasModelReader.read(h5))
        .hasMessageContaining("Layer 'first' (Dense) has no weights in the file");

    Path empty = KerasH5File.write(folder.resolve("w.h5"), hdf -> hdf.putGroup("layers"));
    Path keras = KerasH5File.zip(folder.resolve("m.keras"), "3.1.0", json(DENSE), empty);
    assertThatThrownBy(() -> KerasModelReader.read(keras))
        .hasMessageContaining("Layer 'first' (Dense) has no weight 0 in the file");

    Path none = KerasH5File.zip(folder.resolve("n.keras"), "3.1.0", json(DENSE), null);
    assertThatThrownBy(() -> KerasModelReader.read(none))
        .hasMessageContaining("it has no model.weights.h5 in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'bfloat16'|bfloat16",
        "{'class_name':'DTypePolicy','config':{'name':'bfloat16'}}|bfloat16",
        "{'class_name':'QuantizedDTypePolicy','config':{'mode':'int8'}}|int8",
        "'int8_from_float32'|int8_from_float32"
      })
  void quantisedWeightsAreRefusedByName(String type, String named) {
    String config = DENSE.replace("'name':'first'", "'name':'first','dtype':" + type);
    Path file =
        h5("3.1.0", config, weights -> layer(weights, "first", "k", new byte[][] {{1, 2}, {3, 4}}));
    assertThatThrownBy(() -> KerasModelReader.read(file))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer 'first' (Dense) stores its weights as " + named + ", which");
  }

  @Test
  void weightsWithoutAnArchitectureAreRefused() {
    Path file =
        KerasH5File.write(
            folder.resolve("w.h5"), hdf -> layer(hdf, "dense", "kernel:0", new float[] {1}));
    assertThatThrownBy(() -> KerasModelReader.read(file))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("it holds weights only, the architecture is missing");
  }

  @Test
  void otherHdf5FilesAndOldKerasAreRefused() {
    Path nothing = KerasH5File.write(folder.resolve("a.h5"), hdf -> hdf.putAttribute("x", "y"));
    assertThatThrownBy(() -> KerasModelReader.read(nothing))
        .hasMessageContaining("HDF5 file without a Keras model");

    assertThatThrownBy(() -> KerasModelReader.read(h5("1.2.2", DENSE, weights -> {})))
        .hasMessageContaining("it was saved by Keras 1");

    Path bare =
        KerasH5File.write(
            folder.resolve("b.h5"),
            hdf -> hdf.putAttribute("model_config", json(DENSE).toString()));
    assertThatThrownBy(() -> KerasModelReader.read(bare))
        .hasMessageContaining("it holds an architecture but no weights");
  }

  private Path h5(String version, String config, Consumer<WritableGroup> content) {
    return KerasH5File.model(folder.resolve("model.h5"), version, config, content);
  }
}
