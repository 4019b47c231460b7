package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.field.FieldFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configurations in conf/ learn from data-samples. */
class OdeTrainSamplesTest {
  private static final Path ROOT = Path.of(System.getProperty("gradlens.root"));
  private static final Path SAMPLES = ROOT.resolve("data-samples/trajectories");

  private TrajectoryWorkspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    work = new TrajectoryWorkspace(folder);
  }

  private double[] theta() {
    return FieldFile.read(work.output.resolve("field.json")).field().theta();
  }

  private List<Row> history() {
    return Workspace.spark()
        .read()
        .parquet(work.output.resolve("history").toString())
        .orderBy("iteration")
        .collectAsList();
  }

  /** The paths of a configuration are those of the launcher's folder. */
  private int sample(String name, Object... more) throws Exception {
    Path config = ROOT.resolve("conf/ode-train-" + name + ".conf");
    List<Object> options = new ArrayList<>(List.of("--config", config));
    Matcher path =
        Pattern.compile("(?m)^(field|trajectories|truth) = .*\"data-samples/trajectories/(.*)\"$")
            .matcher(Files.readString(config));
    while (path.find()) {
      options.addAll(List.of("--" + path.group(1), SAMPLES.resolve(path.group(2))));
    }
    options.addAll(List.of(more));
    return work.run("ode-train", options.toArray());
  }

  /** From a loss of 0.7 or so; torchdiffeq's at seed 0 is 0.33 after 200 iterations. */
  @Test
  void spiralIsLearned() throws Exception {
    assertThat(sample("spiral", "--iterations", "500")).as(work.err).isZero();
    assertThat(history().get(499).getDouble(2)).isLessThan(0.7);
    double last =
        history().stream().skip(400).mapToDouble(row -> row.getDouble(1)).average().orElseThrow();
    assertThat(last).isLessThan(0.03);
  }

  @Test
  void predatorPreyParametersAreFoundWithinTwoPercent() throws Exception {
    assertThat(sample("lotka-volterra")).as(work.err).isZero();
    double[] truth = {1.1, 0.4, 0.1, 0.4};
    for (int p = 0; p < 4; p++) {
      assertThat(theta()[p] / truth[p]).isCloseTo(1, within(0.02));
    }
    assertThat(work.output.resolve("initial.csv")).content().contains("trajectory_id,y1,y2");
  }

  /** Means and standard deviations of the published posterior: alpha, beta, delta, gamma. */
  @Test
  void lynxesAndHaresAgreeWithThePublishedPosterior() throws Exception {
    assertThat(sample("lynx-hare")).as(work.err).isZero();
    double[] mean = {0.545, 0.028, 0.024, 0.803};
    for (int p = 0; p < 4; p++) {
      assertThat(theta()[p] / mean[p]).isCloseTo(1, within(0.04));
    }
  }

  @Test
  void gravityAndBounceAreFound() throws Exception {
    assertThat(sample("bouncing-ball")).as(work.err).isZero();
    assertThat(theta()[0]).isCloseTo(9.8, within(0.01));
    assertThat(theta()[1]).isCloseTo(0.8, within(0.001));
  }

  /** In short; the full form ends below 1.75. */
  @Test
  void densityOfTwoMoonsIsLearned() throws Exception {
    assertThat(
            sample("two-moons", "--iterations", "120", "--learning-rate", "0.02", "--batch", "64"))
        .as(work.err)
        .isZero();
    assertThat(history().get(119).getDouble(2)).isLessThan(2.6);
    assertThat(work.output.resolve("portrait.png")).exists();
  }

  /** In short: better than any normal distribution, which has 3.07; the full form ends at 2.19. */
  @Test
  void densityOfCirclesIsLearned() throws Exception {
    String[] less = {
      "--batch", "64", "--learning-rate", "0.03", "--rtol", "1e-3", "--atol", "1e-3"
    };
    assertThat(sample("circles", "--iterations", "400", less)).as(work.err).isZero();
    assertThat(history().get(399).getDouble(2)).isLessThan(2.95);
  }

  /** In short: spirals are up to 10 wide, the noise is 0.2; the full form ends at 0.2. */
  @Test
  void stateBehindSpiralsIsFound() throws Exception {
    assertThat(sample("latent-spirals", "--iterations", "500")).as(work.err).isZero();
    Matcher distance =
        Pattern.compile("less the truth: ([0-9.]+), 40 trajectories").matcher(work.out);
    assertThat(distance.find()).as(work.out).isTrue();
    assertThat(Double.parseDouble(distance.group(1))).isLessThan(1);
    assertThat(history().get(499).getDouble(1)).isLessThan(history().get(9).getDouble(1) / 5);
  }
}
