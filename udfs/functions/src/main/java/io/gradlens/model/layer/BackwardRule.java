package io.gradlens.model.layer;

/** How a gradient passes a ReLU on its way back to the input. */
public enum BackwardRule {
  /** The derivative: g·[a&gt;0]. */
  GRADIENT,
  /** Guided backpropagation (Springenberg et al. 2014): g·[g&gt;0]·[a&gt;0]. */
  GUIDED
}
