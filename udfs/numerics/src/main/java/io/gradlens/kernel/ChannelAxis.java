package io.gradlens.kernel;

/** Where an image's channels are among its axes. */
public enum ChannelAxis {
  /** {@code [C,H,W]}: a channel's pixels are neighbours. */
  FIRST,
  /** {@code [H,W,C]}: a pixel's channels are neighbours. */
  LAST
}
