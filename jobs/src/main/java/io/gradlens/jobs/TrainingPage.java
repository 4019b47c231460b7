package io.gradlens.jobs;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page that shows a training run: its figures, its charts and what was learned. */
final class TrainingPage {

  private TrainingPage() {}

  /**
   * Writes the page.
   *
   * @param figures by name, in order
   * @param charts PNG files
   * @param body what else there is, as HTML
   */
  static String html(String title, Map<String, String> figures, List<byte[]> charts, String body) {
    StringBuilder html =
        new StringBuilder(
            """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <title>%1$s</title>
            <style>
            body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 1500px; padding: 0 1em }
            table { border-collapse: collapse; margin: 1em 0 }
            td, th { border-bottom: 1px solid #ddd; padding: .2em .8em; text-align: left }
            td.number { text-align: right; font-variant-numeric: tabular-nums }
            img { max-width: 100%%; border: 1px solid #eee }
            </style>
            <h1>%1$s</h1>
            """
                .formatted(escape(title)));
    html.append("<table>\n");
    figures.forEach(
        (name, value) ->
            html.append(
                "<tr><th>%s</th><td>%s</td></tr>%n".formatted(escape(name), escape(value))));
    html.append("</table>\n");
    for (byte[] chart : charts) {
      html.append(
          "<img alt=\"chart\" src=\"data:image/png;base64,%s\">%n"
              .formatted(Base64.getEncoder().encodeToString(chart)));
    }
    return html.append(body).append("</html>\n").toString();
  }

  /**
   * A table of parameters, where they are few enough to mean something one by one.
   *
   * @param names of the parameters
   * @param first the parameters before training
   * @param theta the parameters after it
   */
  static String parameters(List<String> names, double[] first, double[] theta) {
    if (theta.length > 50) {
      return "<p>%,d parameters.</p>%n".formatted(theta.length);
    }
    StringBuilder html =
        new StringBuilder("<table>\n<tr><th>parameter</th><th>before</th><th>after</th></tr>\n");
    for (int p = 0; p < theta.length; p++) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td class=\"number\">%.6g</td><td class=\"number\">%.6g</td></tr>%n",
              escape(names.get(p)),
              first[p],
              theta[p]));
    }
    return html.append("</table>\n").toString();
  }

  /** Text as HTML has it. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
