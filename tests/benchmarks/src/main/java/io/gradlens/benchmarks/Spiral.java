package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.MlpShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A batch of the neural-ODE spiral demo: pieces of ten points of the true spiral dy/dt = (y³)A,
 * y(0) = (2, 0), which is seen at 1000 times in [0, 25].
 *
 * <p>Source: Chen et al., Neural Ordinary Differential Equations, 2018, and its program.
 *
 * @param trajectories where the pieces start, and the times 0, 25/999, … at which they are seen
 * @param targets the true states, {@code [piece][time][2]}
 */
record Spiral(Trajectories trajectories, double[] targets) {

  /** The demo's network, 2-50-2 with tanh on y³. */
  static final MlpShape NET = MlpShape.of(2, Activation.TANH, 50).withPower(3);

  static final double T1 = 25;

  private static final int POINTS = 1000;
  private static final int OBSERVED = 10;

  /** The true field. */
  static ExpressionField field() {
    return ExpressionField.parse(
        "dx = a*x^3 + c*y^3; dy = b*x^3 + d*y^3",
        Map.of("a", -0.1, "b", 2.0, "c", -2.0, "d", -0.1));
  }

  /** Draws a batch; the same seed gives the same. */
  static Spiral draw(int batch, long seed) {
    double[] ts = IntStream.range(0, POINTS).mapToDouble(i -> T1 * i / (POINTS - 1)).toArray();
    Solution truth =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-7, 1e-9))
            .solve(field(), Trajectories.of(2, new double[] {2, 0}, ts));
    double[] y0 = new double[2 * batch];
    double[] targets = new double[2 * batch * OBSERVED];
    Random random = new Random(seed);
    for (int b = 0; b < batch; b++) {
      int start = 2 * random.nextInt(POINTS - OBSERVED);
      System.arraycopy(truth.ys(0), start, y0, 2 * b, 2);
      System.arraycopy(truth.ys(0), start, targets, 2 * b * OBSERVED, 2 * OBSERVED);
    }
    return new Spiral(Trajectories.of(2, y0, Arrays.copyOf(ts, OBSERVED)), targets);
  }

  /** The true states of a piece, {@code [time][2]}. */
  double[] targets(int piece) {
    return Arrays.copyOfRange(targets, 2 * OBSERVED * piece, 2 * OBSERVED * (piece + 1));
  }

  /**
   * θ after training, from the reference material.
   *
   * @throws IllegalStateException if that is not there
   */
  static double[] trainedTheta() throws IOException {
    Path file = realData().resolve("ode/spiral_trained_20.json");
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "Skipped: trained weights are read from %s, which is not there; set GRADLENS_REAL_DATA."
              .formatted(file));
    }
    JsonNode field = new ObjectMapper().readTree(file.toFile()).get("field");
    return IntStream.range(0, 4)
        .mapToObj(i -> field.get(new String[] {"W1", "b1", "W2", "b2"}[i]))
        .flatMapToDouble(Spiral::numbers)
        .toArray();
  }

  private static Path realData() {
    return Optional.ofNullable(System.getenv("GRADLENS_REAL_DATA"))
        .map(Path::of)
        .orElseGet(
            () ->
                Path.of(System.getProperty("gradlens.bench", "tests/benchmarks/target"))
                    .toAbsolutePath()
                    .resolve("../../../../shared/real")
                    .normalize());
  }

  /** All numbers of nested lists, in order. */
  private static DoubleStream numbers(JsonNode node) {
    return node.isArray()
        ? IntStream.range(0, node.size()).mapToObj(node::get).flatMapToDouble(Spiral::numbers)
        : DoubleStream.of(node.asDouble());
  }
}
