package io.gradlens.model;

import io.gradlens.model.graph.LayerInfo;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of a network's layers as Keras prints it: name and type, output shape, parameters, and
 * where layers do not simply follow each other what each is connected to.
 */
public final class ModelSummary {
  private static final String GAP = "  ";
  private static final int BYTES_A_PARAMETER = 4;

  private final List<LayerInfo> layers;

  /**
   * @param layers in topological order
   */
  public ModelSummary(List<LayerInfo> layers) {
    this.layers = List.copyOf(layers);
  }

  public long trainable() {
    return layers.stream().mapToLong(LayerInfo::trainable).sum();
  }

  public long nonTrainable() {
    return layers.stream().mapToLong(LayerInfo::nonTrainable).sum();
  }

  /** The table, lines ended by {@code \n}. */
  public String render() {
    List<List<String>> rows = rows();
    List<Integer> widths = widths(rows);
    int width = widths.stream().mapToInt(w -> w).sum() + GAP.length() * (widths.size() - 1);
    StringBuilder table = new StringBuilder();
    append(table, rows.get(0), widths);
    table.append("=".repeat(width)).append('\n');
    rows.subList(1, rows.size()).forEach(row -> append(table, row, widths));
    table.append("=".repeat(width)).append('\n');
    long total = trainable() + nonTrainable();
    table.append("Total params: ").append(sized(total)).append('\n');
    table.append("Trainable params: ").append(sized(trainable())).append('\n');
    table.append("Non-trainable params: ").append(sized(nonTrainable())).append('\n');
    return table.toString();
  }

  private List<List<String>> rows() {
    boolean connected = !isSequential();
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(connected, "Layer (type)", "Output Shape", "Param #", "Connected to"));
    for (LayerInfo layer : layers) {
      List<String> inputs = layer.inputs();
      rows.add(
          row(
              connected,
              "%s (%s)".formatted(layer.name(), layer.kind()),
              shape(layer.outputShape()),
              grouped(layer.parameters()),
              inputs.isEmpty() ? "-" : inputs.get(0)));
      if (connected) {
        inputs.stream().skip(1).forEach(input -> rows.add(row(true, "", "", "", input)));
      }
    }
    return rows;
  }

  private static List<String> row(boolean connected, String... cells) {
    return List.of(cells).subList(0, connected ? 4 : 3);
  }

  /** True where every layer takes the output of the one before and nothing else. */
  private boolean isSequential() {
    return IntStream.range(1, layers.size())
        .allMatch(i -> layers.get(i).inputs().equals(List.of(layers.get(i - 1).name())));
  }

  private static List<Integer> widths(List<List<String>> rows) {
    return IntStream.range(0, rows.get(0).size())
        .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
        .boxed()
        .toList();
  }

  private static void append(StringBuilder table, List<String> row, List<Integer> widths) {
    String line =
        IntStream.range(0, row.size())
            .mapToObj(
                column -> {
                  boolean number = column == 2;
                  String format = "%" + (number ? "" : "-") + widths.get(column) + "s";
                  return format.formatted(row.get(column));
                })
            .collect(Collectors.joining(GAP));
    table.append(line.stripTrailing()).append('\n');
  }

  private static String shape(List<Integer> shape) {
    return shape.stream()
        .map(n -> n < 0 ? "None" : n.toString())
        .collect(Collectors.joining(", ", "(None, ", ")"));
  }

  private static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String sized(long parameters) {
    double bytes = (double) parameters * BYTES_A_PARAMETER;
    String[] units = {"B", "KB", "MB", "GB"};
    int unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
      bytes /= 1024;
      unit++;
    }
    BigDecimal size = new BigDecimal(bytes).setScale(2, RoundingMode.HALF_EVEN);
    return "%s (%s %s)".formatted(grouped(parameters), size.toPlainString(), units[unit]);
  }
}
