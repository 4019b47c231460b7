package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.XxHash64Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A random sample of trajectories, by a hash of their ids: the same however they are partitioned.
 *
 * @param fraction which part of them, in the mean
 */
public record CheckSample(double fraction, long seed) implements Serializable {

  /**
   * Checks the fraction.
   *
   * @throws UserInputException if it is not from 0 to 1
   */
  public CheckSample {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new UserInputException(
          "Option --fd-check takes a fraction from 0 to 1, got %s.".formatted(fraction));
    }
  }

  boolean has(UTF8String id) {
    // 53 bits of the hash are a number from 0 to below 1.
    return fraction > 0
        && (XxHash64Function.hash(id, DataTypes.StringType, seed) >>> 11) * 0x1p-53 < fraction;
  }
}
