package io.gradlens.udf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A network's answer for one image. Ties go to the lower index. */
final class Prediction {

  private static final int TOP_K = 5;

  private final float[] logits;
  private final float[] probabilities;
  private final int[] ranking;

  /**
   * @param logits one a class
   * @param probabilities one a class, or null where the model has none
   */
  Prediction(float[] logits, float[] probabilities) {
    this.logits = logits;
    this.probabilities = probabilities;
    ranking =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer c) -> -logits[c]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** False where a logit is NaN or infinite, so that no class can be ranked. */
  boolean isFinite() {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        return false;
      }
    }
    return true;
  }

  /** Class indices by falling logit. */
  int[] ranking() {
    return ranking;
  }

  int best() {
    return ranking[0];
  }

  /** 1 for the highest logit. */
  int rank(int target) {
    for (int i = 0; i < ranking.length; i++) {
      if (ranking[i] == target) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("Class %d of %d".formatted(target, ranking.length));
  }

  float logit(int index) {
    return logits[index];
  }

  /** Null where the model has no probabilities. */
  Float probability(int index) {
    return probabilities == null ? null : (Float) probabilities[index];
  }

  /** The best classes as {@link Schemas#PREDICTION}. */
  Row[] top(ClassNames names) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < Math.min(TOP_K, ranking.length); i++) {
      int index = ranking[i];
      rows.add(RowFactory.create(index, names.nameOf(index), logits[index], probability(index)));
    }
    return rows.toArray(Row[]::new);
  }
}
