package io.gradlens.trajectory;

import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Windowing;
import io.gradlens.udf.Fingerprint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** Trajectories to learn from, and those that nothing can be learned from. Read once, then kept. */
public final class TrainingTrajectories {

  /**
   * A trajectory that is left out.
   *
   * @param status a flaw's name
   * @param message why, and what to do
   */
  public record Rejected(String id, String status, String message) implements Serializable {}

  /** One of the two, and a digest of it. */
  private record Read(ObservedTrajectory observed, Rejected rejected, byte[] sha256)
      implements Serializable {}

  /**
   * What there is of them.
   *
   * @param numbers times and components of all that are sound
   * @param longest the most points that one has
   */
  public record Counts(
      long sound, long rejected, long numbers, int longest, Fingerprint fingerprint)
      implements Serializable {

    private Counts plus(Counts other) {
      Fingerprint sum = new Fingerprint();
      sum.add(fingerprint);
      sum.add(other.fingerprint);
      return new Counts(
          sound + other.sound,
          rejected + other.rejected,
          numbers + other.numbers,
          Math.max(longest, other.longest),
          sum);
    }
  }

  private final JavaRDD<Read> all;

  private TrainingTrajectories(JavaRDD<Read> all) {
    this.all = all;
  }

  /**
   * Reads a table.
   *
   * @param windowing a trajectory without a window is left out
   */
  public static TrainingTrajectories of(TrajectoryTable table, Windowing windowing) {
    return new TrainingTrajectories(
        table
            .mapped(trajectories -> read(trajectories, windowing))
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Iterator<Read> read(Iterator<Trajectory> trajectories, Windowing windowing) {
    TrajectoryDigest digest = new TrajectoryDigest();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return trajectories.hasNext();
      }

      @Override
      public Read next() {
        Trajectory trajectory = trajectories.next();
        return read(trajectory, windowing, digest.of(trajectory, false));
      }
    };
  }

  /** A first point that is incomplete, or the only one, matters only where there is no window. */
  private static Read read(Trajectory trajectory, Windowing windowing, byte[] sha256) {
    String id = trajectory.id().toString();
    boolean isReadable =
        trajectory.flaw() == null
            || trajectory.flaw() == Flaw.BAD_INITIAL
            || trajectory.flaw() == Flaw.TOO_SHORT && trajectory.ts().length == 1;
    if (isReadable) {
      ObservedTrajectory observed = new ObservedTrajectory(id, trajectory.ts(), trajectory.ys());
      if (windowing.count(observed) > 0) {
        return new Read(observed, null, sha256);
      }
    }
    Rejected rejected =
        trajectory.flaw() == null
            ? new Rejected(
                id,
                Flaw.BAD_INITIAL.name(),
                "No window of it begins at a complete state: mend it, or leave it out.")
            : new Rejected(id, trajectory.flaw().name(), trajectory.reason());
    return new Read(null, rejected, sha256);
  }

  /** Counts them, and takes a fingerprint of all. */
  public Counts counts() {
    return all.mapPartitions(TrainingTrajectories::count)
        .fold(new Counts(0, 0, 0, 0, new Fingerprint()), Counts::plus);
  }

  private static Iterator<Counts> count(Iterator<Read> reads) {
    long sound = 0;
    long rejected = 0;
    long numbers = 0;
    Fingerprint fingerprint = new Fingerprint();
    int longest = 0;
    while (reads.hasNext()) {
      Read read = reads.next();
      fingerprint.add(read.sha256);
      if (read.observed == null) {
        rejected++;
      } else {
        sound++;
        numbers += read.observed.t().length + read.observed.y().length;
        longest = Math.max(longest, read.observed.points());
      }
    }
    return List.of(new Counts(sound, rejected, numbers, longest, fingerprint)).iterator();
  }

  /** Those to learn from. */
  public JavaRDD<ObservedTrajectory> sound() {
    return all.filter(read -> read.observed != null).map(Read::observed);
  }

  /** Those left out. */
  public List<Rejected> rejected() {
    return new ArrayList<>(all.filter(read -> read.rejected != null).map(Read::rejected).collect());
  }

  /** Forgets what was kept. */
  public void forget() {
    all.unpersist();
  }
}
