package io.gradlens.trajectory;

import io.gradlens.udf.Fingerprint;
import org.apache.spark.util.AccumulatorV2;

/**
 * What became of trajectories, counted by the tasks: Spark adds up each task's count once, when it
 * ends.
 */
public final class Tally extends AccumulatorV2<Tally, Long> {

  private long ok;
  private long failed;
  private long skipped;
  private long kernelNanos;
  private Fingerprint fingerprint = new Fingerprint();

  void ended(boolean isOk) {
    ok += isOk ? 1 : 0;
    failed += isOk ? 0 : 1;
  }

  void skip() {
    skipped++;
  }

  void computed(long nanos) {
    kernelNanos += nanos;
  }

  void saw(byte[] sha256) {
    fingerprint.add(sha256);
  }

  /** Trajectories that were solved as intended. */
  public long ok() {
    return ok;
  }

  /** Trajectories whose row says why not. */
  public long failed() {
    return failed;
  }

  /** Trajectories that were left out because their row is there. */
  public long skipped() {
    return skipped;
  }

  /** Seconds of the tasks' threads in solver and adjoint. */
  public double kernelSeconds() {
    return kernelNanos / 1e9;
  }

  /** The digest of all trajectories that were seen, skipped ones among them. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  @Override
  public boolean isZero() {
    return ok + failed + skipped == 0;
  }

  @Override
  public Tally copy() {
    Tally copy = new Tally();
    copy.add(this);
    return copy;
  }

  @Override
  public void reset() {
    ok = 0;
    failed = 0;
    skipped = 0;
    kernelNanos = 0;
    fingerprint = new Fingerprint();
  }

  @Override
  public void add(Tally other) {
    ok += other.ok;
    failed += other.failed;
    skipped += other.skipped;
    kernelNanos += other.kernelNanos;
    fingerprint.add(other.fingerprint);
  }

  @Override
  public void merge(AccumulatorV2<Tally, Long> other) {
    add((Tally) other);
  }

  /** How many trajectories there were. */
  @Override
  public Long value() {
    return ok + failed + skipped;
  }
}
