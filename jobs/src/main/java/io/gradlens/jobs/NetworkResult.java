package io.gradlens.jobs;

import io.gradlens.network.Confusion;
import io.gradlens.network.EpochRow;
import io.gradlens.network.NetworkTrainer;
import io.gradlens.udf.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a trained network is like, as tables, a page, an archive and lines on the screen. */
final class NetworkResult {
  private final String network;
  private final NetworkOutput output;
  private double imagesPerSecond;
  private String modelSha256;

  /**
   * @param network what was trained, as the user calls it
   */
  NetworkResult(String network, NetworkOutput output) {
    this.network = network;
    this.output = output;
  }

  /** Images learned from a second, validation aside. */
  double imagesPerSecond() {
    return imagesPerSecond;
  }

  /** Of the archive that was written. */
  String modelSha256() {
    return modelSha256;
  }

  /**
   * Writes everything.
   *
   * @param trainer has the network as it is to be kept
   * @param history of all epochs, those after it among them
   * @param bySplit what it says of pictures, by what they were for
   */
  void write(
      NetworkTrainer trainer,
      List<EpochRow> history,
      List<String> classes,
      Map<String, Confusion> bySplit,
      RunRecord record) {
    output.history(history);
    output.metrics(bySplit, classes);
    EpochRow last = history.get(history.size() - 1);
    imagesPerSecond = history.stream().mapToDouble(EpochRow::imagesPerSecond).average().orElse(0);
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("network", network);
    figures.put("parameters", "%,d".formatted(trainer.parameters()));
    figures.put("images", "%,d".formatted(record.counts.ok()));
    figures.put("epochs", Integer.toString(last.epoch()));
    figures.put("seconds", String.format(Locale.ROOT, "%.0f", last.seconds()));
    figures.put("images a second", String.format(Locale.ROOT, "%.1f", imagesPerSecond));
    output.page(LearningCurves.page("Training of " + network, figures, history, bySplit, classes));
    archive(trainer, provenance(record, bySplit));
    bySplit.forEach(
        (split, result) ->
            System.out.printf(
                Locale.ROOT,
                "%-10s accuracy %.2f %% of %d images%n",
                split,
                100 * result.accuracy(),
                result.total()));
  }

  /** The model comes last: where it is, all else is. */
  private void archive(NetworkTrainer trainer, Map<String, Object> provenance) {
    Path archive = trainer.archive(provenance);
    try {
      modelSha256 = Digests.sha256(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output.model(archive);
    delete(archive);
  }

  private static Map<String, Object> provenance(RunRecord record, Map<String, Confusion> bySplit) {
    Map<String, Object> accuracy = new LinkedHashMap<>();
    bySplit.forEach((split, result) -> accuracy.put(split, result.accuracy()));
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("trainer", "gradlens train");
    provenance.put("runId", record.runId);
    provenance.put("dataFingerprint", record.dataFingerprint);
    provenance.put("images", record.counts.ok());
    provenance.put("configuration", record.configuration);
    provenance.put("versions", record.versions);
    provenance.put("accuracy", accuracy);
    return provenance;
  }

  /** A file of temporary life that is not needed any more. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
