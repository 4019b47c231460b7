package io.gradlens.model;

/** What turns a model's logits into probabilities. */
public enum HeadActivation {
  /** Classes exclude each other: p = softmax(y). */
  SOFTMAX,
  /** Every class by itself: p = 1/(1+e^−y). */
  SIGMOID,
  /**
   * One sigmoid unit that tells two classes apart: its z is the logit of class 1, −z that of class
   * 0.
   */
  BINARY_SIGMOID,
  /** The model ends in its logits; there are no probabilities. */
  NONE
}
