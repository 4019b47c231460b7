package io.gradlens.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.util.List;

/**
 * How a curve looks: its solver's colour; a full line and full dots, or a broken line and hollow
 * dots.
 */
record CurveStyle(Color color, boolean isBroken) {
  private static final double RADIUS = 2.8;

  /** Colours that differ in lightness too; methods with steps of one size have the paler ones. */
  private static final List<String> SOLVERS =
      List.of(
          "bosh3",
          "fehlberg2",
          "dopri5",
          "tsit5",
          "dop853",
          "kvaerno3",
          "kvaerno5",
          "euler",
          "midpoint",
          "heun",
          "rk4",
          "rk38",
          "adams-moulton");

  private static final int[] COLORS = {
    0x7b3fa0, 0xa0785a, 0x0b5fb0, 0x1fa2d6, 0x16843a, 0xf08c1e, 0xc8202f, 0x9a9a9a, 0xb59bd0,
    0xd9a0c4, 0x5f6f7f, 0x86b8a0, 0xc9b23c
  };

  private static final int ADAPTIVE = 7;

  /** The style of a curve. */
  static CurveStyle of(WorkCurve curve) {
    int index = SOLVERS.indexOf(curve.solver());
    return new CurveStyle(
        new Color(index < 0 ? 0 : COLORS[index]),
        index >= ADAPTIVE || curve.variant().equals("backsolve"));
  }

  /** Draws a line. */
  void draw(Graphics2D g, Shape line) {
    g.setColor(color);
    g.setStroke(
        new BasicStroke(
            1.7f,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1,
            isBroken ? new float[] {5, 3} : null,
            0));
    g.draw(line);
  }

  /** Draws a dot. */
  void drawMarker(Graphics2D g, double x, double y) {
    Shape dot = new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
    g.setColor(isBroken ? Color.WHITE : color);
    g.fill(dot);
    g.setColor(color);
    g.setStroke(new BasicStroke(1.3f));
    g.draw(dot);
  }
}
