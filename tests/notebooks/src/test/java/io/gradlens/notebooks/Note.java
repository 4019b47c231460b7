package io.gradlens.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A note as it lies in {@code notebooks-zeppelin}. */
record Note(String file, String id, String name, List<Paragraph> paragraphs) {

  /**
   * @param graph the chart of its result, {@code config.results[0].graph}; missing where it has
   *     none
   */
  record Paragraph(String id, String title, String text, JsonNode graph) {

    /** {@code spark}, {@code spark.sql} or {@code md}. */
    String interpreter() {
      return text.split("\\s", 2)[0].substring(1);
    }

    /** The text without its first word. */
    String script() {
      return text.split("\\s", 2)[1];
    }

    /** The chart's type, {@code table} where it has none. */
    String mode() {
      return graph.path("mode").asText("table");
    }

    /** The columns, {@code {name, index, aggr}}, that the chart draws. */
    List<JsonNode> columns() {
      List<JsonNode> columns = new ArrayList<>();
      if (mode().equals("scatterChart")) {
        graph.path("setting").path("scatterChart").forEach(columns::add);
      } else if (!mode().equals("table")) {
        List.of("keys", "groups", "values").forEach(list -> graph.path(list).forEach(columns::add));
      }
      return columns;
    }
  }

  static Note read(Path file) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    List<Paragraph> paragraphs = new ArrayList<>();
    for (JsonNode p : json.get("paragraphs")) {
      paragraphs.add(
          new Paragraph(
              p.get("id").asText(),
              p.path("title").asText(""),
              p.get("text").asText(),
              p.path("config").path("results").path(0).path("graph")));
    }
    return new Note(
        file.getFileName().toString(),
        json.get("id").asText(),
        json.get("name").asText(),
        paragraphs);
  }
}
