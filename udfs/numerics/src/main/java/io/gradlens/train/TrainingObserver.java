package io.gradlens.train;

import java.util.List;

/** Looks on while a {@link Trainer} works. */
public interface TrainingObserver {

  /** An iteration is done. */
  default void iterationDone(HistoryRow row) {}

  /** The trainer took a step back; see {@link Trainer}. */
  default void backedOff(int iteration, String why, double learningRateScale) {}

  /**
   * A checkpoint is due.
   *
   * @param iteration how many are done
   * @param text all that training goes on from, for {@link Trainer#resume}
   * @param history until here
   */
  default void checkpoint(int iteration, String text, List<HistoryRow> history) {}
}
