package io.gradlens.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The event log of the one application that wrote into a folder. */
record EventLog(Path folder) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static SparkSettings on(Path folder) throws IOException {
    return new SparkSettings(
        Map.of(
            "spark.eventLog.enabled",
            "true",
            "spark.eventLog.dir",
            Files.createDirectories(folder).toUri().toString()));
  }

  /** What tasks that ended well have added to all accumulators of a name. */
  long sum(String accumulator) throws IOException {
    long sum = 0;
    for (String line : lines()) {
      JsonNode event = JSON.readTree(line);
      if (event.get("Event").asText().equals("SparkListenerTaskEnd")) {
        for (JsonNode each : event.get("Task Info").get("Accumulables")) {
          boolean isIt = each.path("Name").asText().equals(accumulator);
          sum += isIt ? each.get("Update").asLong() : 0;
        }
      }
    }
    return sum;
  }

  List<String> lines() throws IOException {
    try (var files = Files.list(folder)) {
      return Files.readAllLines(files.findFirst().orElseThrow());
    }
  }
}
