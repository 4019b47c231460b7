package io.gradlens.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Spirals of which a latent ODE sees parts, as in the neural-ODE paper: half of them clockwise, r =
 * 15/θ about (−5, 0), half the other way, r = 0.3θ about (5, 0), beginning anywhere. Each has 100
 * points, of which 50 are seen, the first among them, with normal noise of 0.2.
 *
 * <p>Source: Chen et al., Neural ordinary differential equations, 2018, section 5.1; radii, centres
 * and lengths are those of torchdiffeq's example.
 */
final class LatentSpiralData {
  private static final int LEARNED = 240;
  private static final int HELD_OUT = 40;
  private static final int POINTS = 100;
  private static final int SEEN = 50;
  private static final double NOISE = 0.2;
  private static final double LAST = 6 * Math.PI;
  private static final double STEP = 0.0378;

  private final String name;
  private final double start;
  private final boolean isOutwards;
  private final double[] seenTimes;
  private final double[] seenStates;

  private LatentSpiralData(int number, Random random) {
    name = "%s-%03d".formatted(number < LEARNED ? "learn" : "test", number);
    isOutwards = number % 2 == 0;
    start = POINTS * STEP + (LAST - 2 * POINTS * STEP) * random.nextDouble();
    List<Integer> later = new ArrayList<>(IntStream.range(1, POINTS).boxed().toList());
    Collections.shuffle(later, random);
    seenTimes =
        IntStream.concat(IntStream.of(0), later.stream().limit(SEEN - 1).mapToInt(point -> point))
            .sorted()
            .mapToDouble(LatentSpiralData::time)
            .toArray();
    seenStates =
        Arrays.stream(states(seenTimes)).map(y -> y + NOISE * random.nextGaussian()).toArray();
  }

  private static List<LatentSpiralData> all() {
    Random random = new Random(36);
    return IntStream.range(0, LEARNED + HELD_OUT)
        .mapToObj(number -> new LatentSpiralData(number, random))
        .toList();
  }

  /** What is seen of those to learn from, and of those held out. */
  static String observed() {
    TrajectoryCsv table = new TrajectoryCsv();
    all().forEach(spiral -> table.add(spiral.name, spiral.seenTimes, spiral.seenStates, 2));
    return table.text();
  }

  /** Those held out at all times, without noise. */
  static String truth() {
    TrajectoryCsv table = new TrajectoryCsv();
    double[] t = IntStream.range(0, POINTS).mapToDouble(LatentSpiralData::time).toArray();
    all().stream().skip(LEARNED).forEach(spiral -> table.add(spiral.name, t, spiral.states(t), 3));
    return table.text();
  }

  private static double time(int point) {
    return TrajectoryCsv.round(STEP * point, 4);
  }

  private double[] states(double[] t) {
    double[] y = new double[2 * t.length];
    for (int j = 0; j < t.length; j++) {
      double at = start + t[j];
      double angle = isOutwards ? at : LAST + 1 - at;
      double radius = isOutwards ? 0.3 * angle : 15 / angle;
      y[2 * j] = radius * StrictMath.cos(angle) + (isOutwards ? 5 : -5);
      y[2 * j + 1] = radius * StrictMath.sin(angle);
    }
    return y;
  }
}
