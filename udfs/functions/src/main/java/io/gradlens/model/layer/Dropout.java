package io.gradlens.model.layer;

/**
 * Sets a share of its input to 0 in training and divides the rest by what is left of 1; does
 * nothing at inference (Srivastava et al. 2014).
 */
public final class Dropout extends Identity {

  /** What is dropped as one. */
  public enum Unit {
    ENTRY,
    /** A channel's whole map (Tompson et al. 2015). */
    CHANNEL
  }

  private final double rate;
  private final Unit unit;

  /**
   * @param rate the share that is dropped, from 0 to below 1
   */
  public Dropout(double rate, Unit unit) {
    this.rate = rate;
    this.unit = unit;
  }

  /** The share that is dropped. */
  public double rate() {
    return rate;
  }

  public Unit unit() {
    return unit;
  }
}
