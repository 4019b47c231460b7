package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.network.TrainingImages.Part;
import org.apache.spark.api.java.JavaRDD;

/** What a network learns from and is tried on, spread over workers and kept there. */
public final class NetworkData implements AutoCloseable {
  private final ImageSlices training;
  private final ImageSlices validation;

  private NetworkData(ImageSlices training, ImageSlices validation) {
    this.training = training;
    this.validation = validation;
  }

  /**
   * Splits images by a hash of their content and spreads them.
   *
   * @param validationFraction the share that is held out; 0 for none
   * @throws UserInputException if nothing is left on one of the two sides
   */
  public static NetworkData of(
      TrainingImages images,
      TrainingImages.Survey survey,
      InputShape input,
      double validationFraction,
      long seed,
      int workers) {
    JavaRDD<TrainingImage> all = images.part(Part.TRAINING, validationFraction, seed);
    ImageSlices training = sliced(all, survey, input, workers);
    requireImages(training, "for validation: lower --validation-fraction");
    if (validationFraction == 0) {
      return new NetworkData(training, null);
    }
    JavaRDD<TrainingImage> heldOut = images.part(Part.VALIDATION, validationFraction, seed);
    ImageSlices validation = sliced(heldOut, survey, input, workers);
    requireImages(validation, "for training: raise --validation-fraction, or leave it out");
    return new NetworkData(training, validation);
  }

  private static ImageSlices sliced(
      JavaRDD<TrainingImage> images, TrainingImages.Survey survey, InputShape input, int workers) {
    long bytes = (long) input.height() * input.width() * input.channels();
    return ImageSlices.of(images, workers, survey.readable(), bytes);
  }

  private static void requireImages(ImageSlices slices, String remedy) {
    if (slices.total() == 0) {
      throw new UserInputException("All images are taken " + remedy + ".");
    }
  }

  ImageSlices training() {
    return training;
  }

  /** Null where none are held out. */
  ImageSlices validation() {
    return validation;
  }

  /** How many images an epoch is learned from. */
  public long trainingImages() {
    return training.total();
  }

  /** How many are held out. */
  public long validationImages() {
    return validation == null ? 0 : validation.total();
  }

  /** Those that an epoch of a plan goes through. */
  public long imagesAnEpoch(int batchSize) {
    long images = 0;
    for (int size : training.sizes()) {
      images += Minibatches.images(size, 0, Integer.MAX_VALUE, batchSize);
    }
    return images;
  }

  @Override
  public void close() {
    training.forget();
    if (validation != null) {
      validation.forget();
    }
  }
}
