package io.gradlens.train;

import java.util.ArrayList;
import java.util.List;

/** All that training goes on from. */
final class TrainingState {

  /** θ and what the optimizer remembers with it. */
  record Point(double[] theta, double[] optimizer) {}

  /** Iterations done. */
  int iteration;

  double[] theta;

  /** Of {@link #theta}. */
  double[] optimizer;

  /** Where the loss could last be computed, before the step from there. */
  Point good;

  /** What learning rates are multiplied by: halved by every back-off. */
  double learningRateScale = 1;

  /** Since a step led to where the loss could be computed. */
  int backOffs;

  /** θ with the lowest validation loss. */
  double[] best;

  double bestLoss = Double.POSITIVE_INFINITY;

  /** Validations since then. */
  int sinceBest;

  final List<HistoryRow> history = new ArrayList<>();
}
