package io.gradlens.samples;

import io.gradlens.ode.Event;
import io.gradlens.ode.EventRoot;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.RestartMap;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes what the examples of ode-train learn from, to data-samples/trajectories. */
public final class WriteTrainingData {
  private static final OdeSolve SOLVE =
      OdeSolve.with(Tableaus.named("dop853"), StepSizeController.adaptive(1e-11, 1e-11));

  /**
   * Year, lynxes and hares, in thousands of pelts, 1900 to 1920. Source: the Hudson's Bay Company's
   * returns as in E. P. Odum, Fundamentals of Ecology, 1953, and as published with B. Carpenter,
   * Predator-Prey Population Dynamics, Stan case study, 2018.
   */
  private static final double[] PELTS = {
    4.0, 30.0, 6.1, 47.2, 9.8, 70.2, 35.2, 77.4, 59.4, 36.3, 41.7, 20.6, 19.0, 18.1, 13.0, 21.4,
    8.3, 22.0, 9.1, 25.4, 7.4, 27.1, 8.0, 40.3, 12.3, 57.0, 19.5, 76.6, 45.7, 52.3, 51.1, 19.5,
    29.7, 11.2, 15.8, 7.6, 9.7, 14.6, 10.1, 16.2, 8.6, 24.7
  };

  private WriteTrainingData() {}

  /**
   * Writes the tables and SHA256SUMS.
   *
   * @param args the folder, data-samples unless given
   */
  public static void main(String[] args) throws IOException {
    Path dataSamples = Path.of(args.length > 0 ? args[0] : "data-samples");
    Path folder = Files.createDirectories(dataSamples.resolve("trajectories"));
    for (Map.Entry<String, String> table : tables().entrySet()) {
      Files.writeString(folder.resolve(table.getKey()), table.getValue());
    }
    Checksums.write(dataSamples);
  }

  /** The files by name. */
  static Map<String, String> tables() {
    Map<String, String> tables = new TreeMap<>();
    tables.put("spiral.csv", spiral());
    tables.put("lotka-volterra.csv", lotkaVolterra());
    tables.put("lynx-hare.csv", lynxHare(false));
    tables.put("lynx-hare-log.csv", lynxHare(true));
    tables.put("bouncing-ball.csv", bouncingBall());
    tables.put("two-moons.csv", twoMoons());
    tables.put("circles.csv", circles());
    tables.put("latent-spirals.csv", LatentSpiralData.observed());
    tables.put("latent-spirals-truth.csv", LatentSpiralData.truth());
    return tables;
  }

  /** The spiral of the neural-ODE demo: dy/dt = (y³)A, 1000 points on [0, 25] from (2, 0). */
  private static String spiral() {
    ExpressionField field =
        ExpressionField.parse("dx = -0.1*x^3 - 2*y^3; dy = 2*x^3 - 0.1*y^3", Map.of());
    double[] t = new double[1000];
    Arrays.setAll(t, i -> 25.0 * i / 999);
    double[] y = SOLVE.solve(field, Trajectories.of(2, new double[] {2, 0}, t)).ys(0);
    TrajectoryCsv table = new TrajectoryCsv();
    table.add("spiral", t, y, 8);
    return table.text();
  }

  /**
   * 64 series of 40 points at random times of dx/dt = 1.1x − 0.4xy, dy/dt = 0.1xy − 0.4y, with
   * normal noise of 0.2.
   */
  private static String lotkaVolterra() {
    ExpressionField field =
        ExpressionField.parse("dx = 1.1*x - 0.4*x*y; dy = 0.1*x*y - 0.4*y", Map.of());
    Random random = new Random(31);
    TrajectoryCsv table = new TrajectoryCsv();
    for (int i = 0; i < 64; i++) {
      double[] t = new double[40];
      for (int j = 1; j < t.length; j++) {
        t[j] = TrajectoryCsv.round((j - 0.4 + 0.8 * random.nextDouble()) / 2, 4);
      }
      double[] y0 = {4 + 6 * random.nextDouble(), 1 + 3 * random.nextDouble()};
      double[] y = SOLVE.solve(field, Trajectories.of(2, y0, t)).ys(0);
      table.add("series-%02d".formatted(i), t, noisy(y, 0.2, random), 4);
    }
    return table.text();
  }

  private static String lynxHare(boolean isLogarithmic) {
    double[] t = new double[PELTS.length / 2];
    double[] y = new double[PELTS.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = 1900 + i;
      y[2 * i] = isLogarithmic ? StrictMath.log(PELTS[2 * i + 1]) : PELTS[2 * i + 1];
      y[2 * i + 1] = isLogarithmic ? StrictMath.log(PELTS[2 * i]) : PELTS[2 * i];
    }
    TrajectoryCsv table = new TrajectoryCsv();
    table.add("hudson-bay", t, y, 8);
    return table.text();
  }

  /** A ball of radius 0.2 from 10 m: g = 9.8, a fifth of its speed is lost; noise of 0.02. */
  private static String bouncingBall() {
    ExpressionField field = ExpressionField.parse("dh = v; dv = -9.8", Map.of());
    Event bounce = Event.of(EventRoot.level(0, 0.2)).falling().restart(RestartMap.scaling(1, -0.8));
    double[] t = new double[121];
    Arrays.setAll(t, i -> TrajectoryCsv.round(0.05 * i, 2));
    double[] y =
        SOLVE.events(bounce).solve(field, Trajectories.of(2, new double[] {10, 0}, t)).ys(0);
    double[] seen = noisy(y, 0.02, new Random(33));
    seen[0] = 10;
    seen[1] = 0;
    TrajectoryCsv table = new TrajectoryCsv();
    table.add("ball", t, seen, 4);
    return table.text();
  }

  /** 1000 points of two half circles of radius 2 that reach into each other, noise of 0.1. */
  private static String twoMoons() {
    Random random = new Random(34);
    TrajectoryCsv table = new TrajectoryCsv();
    for (int i = 0; i < 1000; i++) {
      double angle = Math.PI * random.nextDouble();
      boolean isUpper = i % 2 == 0;
      double x = StrictMath.cos(angle);
      double y = StrictMath.sin(angle);
      double[] point = {isUpper ? 2 * x - 1 : 1 - 2 * x, isUpper ? 2 * y - 0.5 : 0.5 - 2 * y};
      double[] seen = noisy(point, 0.1, random);
      table.add("point-%04d".formatted(i), new double[] {1}, seen, 4);
    }
    return table.text();
  }

  /** 1000 points of circles of radius 1 and 2 about the origin, noise of 0.12. */
  private static String circles() {
    Random random = new Random(35);
    TrajectoryCsv table = new TrajectoryCsv();
    for (int i = 0; i < 1000; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      int radius = 1 + i % 2;
      double[] point = {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
      table.add("point-%04d".formatted(i), new double[] {1}, noisy(point, 0.12, random), 4);
    }
    return table.text();
  }

  private static double[] noisy(double[] y, double deviation, Random random) {
    return Arrays.stream(y).map(each -> each + deviation * random.nextGaussian()).toArray();
  }
}
