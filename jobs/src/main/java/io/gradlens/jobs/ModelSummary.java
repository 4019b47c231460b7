package io.gradlens.jobs;

import io.gradlens.model.LayerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A model's layers in a table, as Keras' {@code summary()} prints them. */
final class ModelSummary {

  private static final int BYTES_A_PARAMETER = 4;

  private ModelSummary() {}

  /** The column of inputs appears only where layers do not simply follow each other. */
  static String text(String name, List<LayerInfo> layers) {
    boolean branches = branches(layers);
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns(branches, "Layer (type)", "Output Shape", "Param #", "Connected to"));
    for (LayerInfo layer : layers) {
      rows.add(
          columns(
              branches,
              "%s (%s)".formatted(layer.name(), layer.kind()),
              shape(layer),
              grouped(layer.parameters()),
              String.join(", ", layer.inputs())));
    }
    var text = new StringBuilder("Model: \"%s\"%n".formatted(name));
    int width = table(text, rows);
    long trainable = layers.stream().mapToLong(LayerInfo::trainable).sum();
    long frozen = layers.stream().mapToLong(LayerInfo::nonTrainable).sum();
    text.append("=".repeat(width)).append(System.lineSeparator());
    text.append(total("Total params", trainable + frozen));
    text.append(total("Trainable params", trainable));
    text.append(total("Non-trainable params", frozen));
    return text.toString();
  }

  /** {@code (None, 196, 196, 10)}. */
  static String shape(LayerInfo layer) {
    return layer.outputShape().stream()
        .map(axis -> axis < 0 ? "None" : axis.toString())
        .collect(Collectors.joining(", ", "(None, ", ")"));
  }

  private static boolean branches(List<LayerInfo> layers) {
    for (int i = 1; i < layers.size(); i++) {
      if (!layers.get(i).inputs().equals(List.of(layers.get(i - 1).name()))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> columns(
      boolean branches, String layer, String shape, String parameters, String inputs) {
    return branches ? List.of(layer, shape, parameters, inputs) : List.of(layer, shape, parameters);
  }

  private static int table(StringBuilder text, List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    int width = 1;
    for (int w : widths) {
      width += w + 3;
    }
    text.append("_".repeat(width)).append(System.lineSeparator());
    for (int r = 0; r < rows.size(); r++) {
      var line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        line.append(' ').append(("%-" + widths[c] + "s  ").formatted(rows.get(r).get(c)));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
      if (r == 0) {
        text.append("=".repeat(width)).append(System.lineSeparator());
      }
    }
    return width;
  }

  private static String total(String what, long parameters) {
    return "%s: %s (%s)%n"
        .formatted(what, grouped(parameters), memory(parameters * BYTES_A_PARAMETER));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String memory(long bytes) {
    double size = bytes;
    for (String unit : new String[] {"B", "KB", "MB"}) {
      if (size < 1024) {
        return String.format(Locale.ROOT, "%.2f %s", size, unit);
      }
      size /= 1024;
    }
    return String.format(Locale.ROOT, "%.2f GB", size);
  }
}
