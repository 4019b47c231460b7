package io.gradlens.notebooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A note's results as a web page, to be looked at after the test; charts are their tables. */
final class ResultPage {

  private final StringBuilder html =
      new StringBuilder(
          "<!DOCTYPE html><meta charset='utf-8'><style>body{font:13px sans-serif;max-width:1200px;"
              + "margin:auto;padding:12px}h3{font-size:14px;margin:22px 0 6px}"
              + "table.data{border-collapse:collapse}table.data td{border:1px solid #ddd;padding:2px 8px}"
              + "pre{white-space:pre-wrap;color:#777}</style>\n");

  ResultPage(Note note) {
    html.append("<h2>").append(note.name()).append("</h2>\n");
  }

  void add(Note.Paragraph paragraph, Zeppelin.Result result) {
    html.append("<h3>").append(escaped(paragraph.title()));
    if (paragraph.interpreter().equals("spark.sql")) {
      html.append(" (").append(paragraph.mode()).append(')');
    }
    html.append("</h3>\n");
    for (Zeppelin.Output output : result.outputs()) {
      switch (output.type()) {
        case HTML -> html.append(output.data());
        case TABLE -> table(output.data());
        default -> html.append("<pre>").append(escaped(output.data())).append("</pre>");
      }
      html.append('\n');
    }
  }

  private void table(String data) {
    html.append("<table class='data'>");
    data.lines()
        .limit(25)
        .forEach(
            line ->
                html.append("<tr><td>")
                    .append(escaped(line).replace("\t", "</td><td>"))
                    .append("</td></tr>"));
    html.append("</table>");
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, html);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
