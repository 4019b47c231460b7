package io.gradlens.ode;

/** Which states a solve keeps. */
public enum SaveAt {
  /** The last one: at the trajectory's last time, or at the event that ended it. */
  T1,
  /** Those at the trajectory's times, the first included. */
  TS,
  /** The first one and that at the end of every accepted step. */
  STEPS,
  /** Those at the trajectory's times, and the interpolants of all steps. */
  DENSE
}
