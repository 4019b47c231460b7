package io.gradlens.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.UserInputException;
import io.gradlens.model.StoredMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** DL4J's zip of a network, with JSON entries of ours beside it. */
final class NetworkArchive {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NetworkArchive() {}

  /** What an archive holds beside the network. */
  enum Content {
    /** Weights alone, to look at pictures with. */
    WEIGHTS,
    /** The optimizer's state as well, to go on with. */
    OPTIMIZER_TOO
  }

  /**
   * Writes a file of temporary life.
   *
   * @param entries more entries, by name
   */
  static Path write(ComputationGraph network, Content content, Map<String, JsonNode> entries) {
    try {
      Path file = Files.createTempFile("gradlens-network", ".zip");
      file.toFile().deleteOnExit();
      ModelSerializer.writeModel(network, file.toFile(), content == Content.OPTIMIZER_TOO);
      try (FileSystem zip =
          FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
        for (Map.Entry<String, JsonNode> entry : entries.entrySet()) {
          Files.writeString(zip.getPath(entry.getKey()), entry.getValue().toPrettyString() + "\n");
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a network to a temporary file", e);
    }
  }

  /**
   * Reads a network, with the optimizer's state where it is there.
   *
   * @throws UserInputException if the file is damaged
   */
  static ComputationGraph read(Path file) {
    try {
      return ModelSerializer.restoreComputationGraph(file.toFile(), true);
    } catch (IOException | RuntimeException graph) {
      try {
        return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true).toComputationGraph();
      } catch (IOException | RuntimeException layers) {
        throw new UserInputException(
            "Cannot read the DL4J network in %s: %s."
                .formatted(file, NetworkSource.firstLine(graph)),
            graph);
      }
    }
  }

  /** What Gradlens stored beside the network, as far as it did. */
  static StoredMetadata stored(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return StoredMetadata.in(zip);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot read %s of %s: %s."
              .formatted(StoredMetadata.ENTRY, file, NetworkSource.firstLine(e)),
          e);
    }
  }

  /**
   * Reads a JSON entry.
   *
   * @throws UserInputException if it is not there, or the file is damaged
   */
  static JsonNode entry(Path file, String name) {
    try (FileSystem zip = FileSystems.newFileSystem(file)) {
      return JSON.readTree(Files.readString(zip.getPath(name)));
    } catch (IOException | RuntimeException e) {
      throw new UserInputException("Cannot read %s of %s: %s.".formatted(name, file, e), e);
    }
  }
}
