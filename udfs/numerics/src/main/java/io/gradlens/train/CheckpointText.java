package io.gradlens.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A checkpoint as text: a line a field, its name, a space and its value; arrays are base64 of
 * little-endian doubles, single numbers hexadecimal, so nothing rounds. The last line is the CRC-32
 * of those before it.
 */
final class CheckpointText {
  private static final String HEADER = "gradlens checkpoint 1";

  private CheckpointText() {}

  static String write(TrainingState state) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    line(text, "iteration", Integer.toString(state.iteration));
    line(text, "theta", base64(state.theta));
    line(text, "optimizer", base64(state.optimizer));
    if (state.good != null) {
      line(text, "good-theta", base64(state.good.theta()));
      line(text, "good-optimizer", base64(state.good.optimizer()));
    }
    line(text, "learning-rate-scale", Double.toHexString(state.learningRateScale));
    line(text, "back-offs", Integer.toString(state.backOffs));
    if (state.best != null) {
      line(text, "best-theta", base64(state.best));
      line(text, "best-loss", Double.toHexString(state.bestLoss));
      line(text, "since-best", Integer.toString(state.sinceBest));
    }
    line(text, "history", base64(rows(state.history)));
    line(text, "crc32", crc(text));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  private static String crc(CharSequence text) {
    CRC32 crc = new CRC32();
    crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }

  private static double[] rows(List<HistoryRow> history) {
    double[] rows = new double[6 * history.size()];
    int at = 0;
    for (HistoryRow row : history) {
      rows[at++] = row.iteration();
      rows[at++] = row.loss();
      rows[at++] = row.validationLoss();
      rows[at++] = row.gradientNorm();
      rows[at++] = row.nfe();
      rows[at++] = row.seconds();
    }
    return rows;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is not a whole checkpoint
   */
  static TrainingState read(String text) {
    int last = text.lastIndexOf("crc32 ");
    if (!text.startsWith(HEADER + "\n")
        || last < 0
        || !text.substring(last).equals("crc32 " + crc(text.substring(0, last)) + "\n")) {
      throw new IllegalArgumentException(
          "This is no whole checkpoint: expected '%s' and the right CRC-32 at the end; take the one before it."
              .formatted(HEADER));
    }
    Map<String, String> fields = new HashMap<>();
    for (String each : text.split("\n")) {
      int space = each.indexOf(' ');
      fields.put(each.substring(0, space), each.substring(space + 1));
    }
    TrainingState state = new TrainingState();
    state.iteration = Integer.parseInt(fields.get("iteration"));
    state.theta = doubles(fields.get("theta"));
    state.optimizer = doubles(fields.get("optimizer"));
    if (fields.containsKey("good-theta")) {
      state.good =
          new TrainingState.Point(
              doubles(fields.get("good-theta")), doubles(fields.get("good-optimizer")));
    }
    state.learningRateScale = Double.parseDouble(fields.get("learning-rate-scale"));
    state.backOffs = Integer.parseInt(fields.get("back-offs"));
    if (fields.containsKey("best-theta")) {
      state.best = doubles(fields.get("best-theta"));
      state.bestLoss = Double.parseDouble(fields.get("best-loss"));
      state.sinceBest = Integer.parseInt(fields.get("since-best"));
    }
    state.history.addAll(history(doubles(fields.get("history"))));
    return state;
  }

  private static List<HistoryRow> history(double[] rows) {
    List<HistoryRow> history = new ArrayList<>();
    for (int at = 0; at < rows.length; at += 6) {
      history.add(
          new HistoryRow(
              (int) rows[at],
              rows[at + 1],
              rows[at + 2],
              rows[at + 3],
              (long) rows[at + 4],
              rows[at + 5]));
    }
    return history;
  }

  private static String base64(double[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(numbers);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static double[] doubles(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    double[] numbers = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
    return numbers;
  }
}
