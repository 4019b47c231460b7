package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import io.gradlens.UserInputException;
import io.gradlens.metrics.ImageCount;
import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.Gradlens;
import io.gradlens.udf.ImageFailure;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Schemas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tries images that are suspected of having killed their executors, one at a time with nothing else
 * running, so that none is blamed for another's doing.
 */
final class LoneImages {

  /** If so many die one after the other before any lives, it is not the images. */
  private static final int NOT_THE_IMAGES = 3;

  private final SparkSession spark;
  private final ExplainPlan plan;
  private final RunIdentity identity;
  private final ExecutorLosses losses;
  private boolean anyLived;

  LoneImages(SparkSession spark, ExplainPlan plan, RunIdentity identity, ExecutorLosses losses) {
    this.spark = spark;
    this.plan = plan;
    this.identity = identity;
    this.losses = losses;
  }

  /**
   * Finds the images that kill.
   *
   * @param images rows of {@link Schemas#IMAGES}
   * @param suspects paths among them
   * @return for every killer its row of {@link Schemas#RESULTS}, by path
   * @throws UserInputException if executors die of whatever image
   */
  Map<String, Row> killers(Dataset<Row> images, List<String> suspects) {
    Map<String, Row> killers = new LinkedHashMap<>();
    // Not in their order: bad files often lie side by side, and would look like bad executors.
    List<String> mixed = new ArrayList<>(suspects);
    mixed.sort(Comparator.comparingInt(String::hashCode).thenComparing(path -> path));
    for (String path : mixed) {
      Dataset<Row> image = images.where(col(Schemas.PATH).equalTo(path)).coalesce(1);
      Optional<LostTasksException> death = death(image);
      anyLived |= death.isEmpty();
      death.ifPresent(lost -> killers.put(path, row(path, image, lost)));
      if (!anyLived && killers.size() == NOT_THE_IMAGES) {
        throw tooLittleMemory(death.get());
      }
    }
    return killers;
  }

  /** What the executors died of that tried an image, or empty if one did not die. */
  private Optional<LostTasksException> death(Dataset<Row> image) {
    int kills = 0;
    for (int tries = 1; ; tries++) {
      try {
        losses.watch(() -> explained(image));
        return Optional.empty();
      } catch (LostTasksException lost) {
        kills += lost.kills();
        if (kills >= ExecutorLosses.GIVEN_UP_AFTER) {
          return Optional.of(lost);
        }
        if (tries == ExecutorLosses.TRIES) {
          throw lost;
        }
      }
    }
  }

  private long explained(Dataset<Row> image) {
    // Of its own: what is only tried is no progress.
    var count = new ImageCount(spark.sparkContext());
    return Gradlens.explain(image, plan, identity, count).toJavaRDD().count();
  }

  private Row row(String path, Dataset<Row> image, LostTasksException lost) {
    return Gradlens.failure(
        path,
        ImageFailure.executorLost(
            sha256(image),
            "The executor died %d times while it had this image alone%s"
                .formatted(
                    ExecutorLosses.GIVEN_UP_AFTER,
                    lost.reason().isEmpty() ? "" : ": " + lost.reason())),
        plan,
        identity);
  }

  private String sha256(Dataset<Row> image) {
    try {
      return losses.watch(() -> Gradlens.identify(image, plan).first().getAs(Schemas.IMAGE_SHA256));
    } catch (LostTasksException readingKills) {
      return null;
    }
  }

  private static UserInputException tooLittleMemory(LostTasksException lost) {
    return new UserInputException(
        ("Executors died of each of %d images that they tried alone, and of no other cause (%s);"
                + " it is not the images. Give executors more memory (--executor-memory,"
                + " spark.executor.memoryOverhead), or choose a smaller --batch-size.")
            .formatted(NOT_THE_IMAGES, lost.reason()),
        lost);
  }
}
