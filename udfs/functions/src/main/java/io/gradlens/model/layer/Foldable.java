package io.gradlens.model.layer;

/** A linear op that can take a following {@link ScaleShift} into its own weights. */
public interface Foldable extends Op {

  /** The op that computes {@code affine(this(x))}: kernel a·w, bias a·b + shift. */
  Op fold(ScaleShift affine);
}
