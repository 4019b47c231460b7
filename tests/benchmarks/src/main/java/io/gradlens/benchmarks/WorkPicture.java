package io.gradlens.benchmarks;

import io.gradlens.benchmarks.WorkCurve.Point;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Curves as a picture: a column for each problem, end states above, gradients below. */
final class WorkPicture {
  private static final int WIDTH = 1276;
  private static final int HEIGHT = 826;
  private static final int SCALE = 2;
  private static final int PANEL_WIDTH = 300;
  private static final int PANEL_HEIGHT = 290;
  private static final int LEFT = 64;
  private static final int GAP = 46;
  private static final int[] TOPS = {84, 472};
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 17);

  private final List<String> names = new ArrayList<>();
  private final List<List<WorkCurve>> endStates = new ArrayList<>();
  private final List<List<WorkCurve>> gradients = new ArrayList<>();

  void addEndStates(String name, List<WorkCurve> adaptive, List<WorkCurve> fixed) {
    names.add(name);
    endStates.add(Stream.concat(adaptive.stream(), fixed.stream()).toList());
  }

  void addGradients(String name, List<WorkCurve> curves) {
    gradients.add(curves);
  }

  /** Writes it as PNG. */
  void write(Path file) throws IOException {
    BufferedImage image =
        new BufferedImage(SCALE * WIDTH, SCALE * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.scale(SCALE, SCALE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    g.setFont(HEADING);
    g.setColor(LogLogPanel.TEXT);
    g.drawString("Error against time: the further left and down, the better", LEFT, 32);
    drawRow(g, TOPS[0], "end state", endStates);
    drawRow(g, TOPS[1], "gradient", gradients);
    g.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private void drawRow(Graphics2D g, int top, String what, List<List<WorkCurve>> problems) {
    LogAxis seconds = axis(problems, Point::seconds, -7, 1);
    LogAxis errors = axis(problems, Point::error, -14, 0);
    for (int p = 0; p < problems.size(); p++) {
      Rectangle frame =
          new Rectangle(LEFT + p * (PANEL_WIDTH + GAP), top, PANEL_WIDTH, PANEL_HEIGHT);
      LogLogPanel panel = new LogLogPanel(g, frame, seconds, errors);
      panel.draw(names.get(p) + ": " + what, problems.get(p));
      if (p == 0) {
        panel.drawErrorLabels();
      }
    }
    g.setFont(TEXT);
    g.setColor(LogLogPanel.TEXT);
    String time = "CPU time for one trajectory";
    int middle = LEFT + (3 * PANEL_WIDTH + 2 * GAP) / 2;
    g.drawString(time, middle - g.getFontMetrics().stringWidth(time) / 2, top + PANEL_HEIGHT + 38);
    drawUpwards(g, "relative error of the " + what, 18, top + PANEL_HEIGHT / 2);
    drawLegend(g, LEFT + 3 * PANEL_WIDTH + 2 * GAP + 26, top + 6, problems.get(0));
  }

  private static LogAxis axis(
      List<List<WorkCurve>> problems, ToDoubleFunction<Point> value, int least, int most) {
    return LogAxis.of(
        problems.stream()
            .flatMap(List::stream)
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(value),
        least,
        most);
  }

  private static void drawUpwards(Graphics2D g, String text, int x, int middle) {
    AffineTransform before = g.getTransform();
    g.rotate(-Math.PI / 2, x, middle);
    g.drawString(text, x - g.getFontMetrics().stringWidth(text) / 2, middle);
    g.setTransform(before);
  }

  private static void drawLegend(Graphics2D g, int x, int top, List<WorkCurve> curves) {
    int y = top;
    boolean isBroken = false;
    for (WorkCurve curve : curves) {
      CurveStyle style = CurveStyle.of(curve);
      y += style.isBroken() == isBroken ? 0 : 12;
      isBroken = style.isBroken();
      style.draw(g, new Line2D.Double(x, y, x + 30, y));
      style.drawMarker(g, x + 15, y);
      g.setFont(TEXT);
      g.setColor(LogLogPanel.TEXT);
      g.drawString((curve.solver() + " " + curve.variant()).strip(), x + 38, y + 4);
      y += 19;
    }
  }
}
