package io.gradlens.network;

import io.gradlens.metrics.ImageCount;
import io.gradlens.network.ImagePreparation.Prepared;
import io.gradlens.random.CounterRandom;
import io.gradlens.udf.Fingerprint;
import io.gradlens.udf.ImageBytes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Labelled pictures, decoded in executors and kept there until {@link #forget}. */
public final class TrainingImages {

  /** So many images without a label are named. */
  private static final int NAMED = 3;

  private final JavaRDD<Prepared> prepared;

  /**
   * What the pictures are.
   *
   * @param total how many there are
   * @param imagesByLabel of those that can be read, by label in alphabetical order
   * @param labels all that occur, those of unreadable pictures among them, with their numbers
   * @param failures those that cannot be read, by URI
   * @param unlabelled how many have no label
   * @param firstUnlabelled a few of them
   * @param fingerprint free of order
   */
  public record Survey(
      long total,
      Map<String, Long> imagesByLabel,
      Map<String, Long> labels,
      List<FailedImage> failures,
      long unlabelled,
      List<String> firstUnlabelled,
      String fingerprint) {

    /** How many can be learned from. */
    public long readable() {
      return imagesByLabel.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private TrainingImages(JavaRDD<Prepared> prepared) {
    this.prepared = prepared;
  }

  /**
   * @param images rows of {@link io.gradlens.udf.Schemas#IMAGES}
   */
  public static TrainingImages of(Dataset<Row> images, ImagePreparation preparation) {
    ImageBytes bytes = ImageBytes.in(images.sparkSession());
    ImageCount count = new ImageCount(images.sparkSession().sparkContext());
    return new TrainingImages(
        images
            .toJavaRDD()
            .map(row -> counted(preparation.prepare(row, bytes), count))
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Prepared counted(Prepared image, ImageCount count) {
    if (image.failure() == null) {
      count.succeeded();
    } else {
      count.failed();
    }
    return image;
  }

  /** Decodes all pictures and counts them. */
  public Survey survey() {
    Tally all = new Tally();
    prepared.mapPartitions(TrainingImages::tally).collect().forEach(all::add);
    all.failures.sort(Comparator.comparing(FailedImage::uri));
    all.firstUnlabelled.sort(Comparator.naturalOrder());
    return new Survey(
        all.total,
        all.readable,
        all.labels,
        List.copyOf(all.failures),
        all.unlabelled,
        all.firstUnlabelled.stream().limit(NAMED).toList(),
        all.fingerprint.toString());
  }

  private static Iterator<Tally> tally(Iterator<Prepared> images) {
    Tally tally = new Tally();
    images.forEachRemaining(tally::add);
    return List.of(tally).iterator();
  }

  /** Those to learn from, or those held out, by a hash of their content. */
  public JavaRDD<TrainingImage> part(Part part, double validationFraction, long seed) {
    return prepared
        .filter(each -> each.image() != null && each.label() != null)
        .map(Prepared::image)
        .filter(image -> part.has(image, validationFraction, seed));
  }

  /** Gives the executors' memory back. */
  public void forget() {
    prepared.unpersist();
  }

  /** A part of a data set; copies of one file are in the same. */
  public enum Part {
    ALL,
    TRAINING,
    VALIDATION;

    private boolean has(TrainingImage image, double validationFraction, long seed) {
      boolean heldOut =
          CounterRandom.uniform(CounterRandom.bits(seed, CounterRandom.key(image.sha256())))
              < validationFraction;
      return this == ALL || heldOut == (this == VALIDATION);
    }
  }

  /** Counts of a partition. */
  private static final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;

    private long total;
    private long unlabelled;
    private final TreeMap<String, Long> labels = new TreeMap<>();
    private final TreeMap<String, Long> readable = new TreeMap<>();
    private final ArrayList<FailedImage> failures = new ArrayList<>();
    private final ArrayList<String> firstUnlabelled = new ArrayList<>();
    private final Fingerprint fingerprint = new Fingerprint();

    void add(Prepared each) {
      total++;
      fingerprint.add(each.uri(), each.sha256());
      if (each.label() == null) {
        unlabelled++;
        if (firstUnlabelled.size() < NAMED) {
          firstUnlabelled.add(each.uri());
        }
      } else {
        labels.merge(each.label(), 1L, Long::sum);
      }
      if (each.failure() != null) {
        failures.add(each.failure());
      } else if (each.label() != null) {
        readable.merge(each.label(), 1L, Long::sum);
      }
    }

    void add(Tally other) {
      total += other.total;
      unlabelled += other.unlabelled;
      other.labels.forEach((label, count) -> labels.merge(label, count, Long::sum));
      other.readable.forEach((label, count) -> readable.merge(label, count, Long::sum));
      failures.addAll(other.failures);
      firstUnlabelled.addAll(other.firstUnlabelled);
      fingerprint.add(other.fingerprint);
    }
  }
}
