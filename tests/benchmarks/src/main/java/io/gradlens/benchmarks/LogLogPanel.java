package io.gradlens.benchmarks;

import io.gradlens.benchmarks.WorkCurve.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One diagram: a frame with decades, and curves in it. */
final class LogLogPanel {
  private static final Color GRID = new Color(0xe4e4e4);
  private static final Color FRAME = new Color(0x9a9a9a);
  static final Color TEXT = new Color(0x222222);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  private static final Font EXPONENT = new Font(Font.SANS_SERIF, Font.PLAIN, 9);
  private static final String[] UNITS = {"ns", "µs", "ms", "s"};

  private final Graphics2D g;
  private final Rectangle frame;
  private final LogAxis seconds;
  private final LogAxis errors;

  LogLogPanel(Graphics2D g, Rectangle frame, LogAxis seconds, LogAxis errors) {
    this.g = g;
    this.frame = frame;
    this.seconds = seconds;
    this.errors = errors;
  }

  /** Draws it, the first curves on top. */
  void draw(String title, List<WorkCurve> curves) {
    g.setFont(TITLE);
    g.setColor(TEXT);
    g.drawString(title, frame.x, frame.y - 9);
    drawDecades();
    Shape clip = g.getClip();
    g.clipRect(frame.x, frame.y, frame.width, frame.height);
    List<WorkCurve> upwards = new ArrayList<>(curves);
    Collections.reverse(upwards);
    upwards.forEach(this::drawLine);
    g.setClip(clip);
    upwards.forEach(this::drawMarkers);
  }

  private void drawDecades() {
    g.setStroke(new BasicStroke(1));
    for (int decade = seconds.first(); decade <= seconds.last(); decade++) {
      double x = x(Math.pow(10, decade));
      g.setColor(GRID);
      g.draw(new Line2D.Double(x, frame.y, x, frame.getMaxY()));
      g.setColor(TEXT);
      g.setFont(LABEL);
      String label = duration(decade);
      float width = g.getFontMetrics().stringWidth(label);
      g.drawString(label, (float) x - width / 2, (float) frame.getMaxY() + 16);
    }
    for (int decade = errors.first(); decade <= errors.last(); decade++) {
      double y = y(Math.pow(10, decade));
      g.setColor(GRID);
      g.draw(new Line2D.Double(frame.x, y, frame.getMaxX(), y));
    }
    g.setColor(FRAME);
    g.draw(frame);
  }

  /** Draws what stands left of the frame. */
  void drawErrorLabels() {
    for (int decade = errors.first(); decade <= errors.last(); decade++) {
      if (decade % 2 == 0) {
        drawPower(decade, (float) y(Math.pow(10, decade)) + 4);
      }
    }
  }

  /** 10 to a power, right-aligned to the frame. */
  private void drawPower(int exponent, float y) {
    String power = (exponent < 0 ? "−" : "") + Math.abs(exponent);
    g.setColor(TEXT);
    float powerWidth = g.getFontMetrics(EXPONENT).stringWidth(power);
    float right = frame.x - 7;
    g.setFont(EXPONENT);
    g.drawString(power, right - powerWidth, y - 5);
    g.setFont(LABEL);
    g.drawString("10", right - powerWidth - g.getFontMetrics().stringWidth("10"), y);
  }

  private static String duration(int decade) {
    int unit = Math.floorDiv(decade, 3) + 3;
    return "1" + "0".repeat(Math.floorMod(decade, 3)) + " " + UNITS[unit];
  }

  private void drawLine(WorkCurve curve) {
    CurveStyle style = CurveStyle.of(curve);
    Path2D line = new Path2D.Double();
    for (Point point : curve.points()) {
      if (isPositive(point)) {
        double x = x(point.seconds());
        double y = y(point.error());
        if (line.getCurrentPoint() == null) {
          line.moveTo(x, y);
        } else {
          line.lineTo(x, y);
        }
      }
    }
    style.draw(g, line);
  }

  private void drawMarkers(WorkCurve curve) {
    CurveStyle style = CurveStyle.of(curve);
    for (Point point : curve.points()) {
      if (isPositive(point) && errors.holds(point.error()) && seconds.holds(point.seconds())) {
        style.drawMarker(g, x(point.seconds()), y(point.error()));
      }
    }
  }

  private static boolean isPositive(Point point) {
    return point.error() > 0 && point.seconds() > 0;
  }

  private double x(double value) {
    return frame.x + frame.width * seconds.at(value);
  }

  private double y(double value) {
    return frame.getMaxY() - frame.height * errors.at(value);
  }
}
