package io.gradlens.network;

import io.gradlens.image.PixelImage;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.graph.InputShape;
import io.gradlens.random.CounterRandom;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes what a network takes in of pictures: input {@code [N,C,H,W]}, and classes {@code [N,K]},
 * one hot.
 *
 * @param classes how many outputs the network has
 * @param classByLabel their numbers by label
 */
record BatchAssembly(
    InputShape input,
    Preprocessing preprocessing,
    Augmentation augmentation,
    int classes,
    Map<String, Integer> classByLabel)
    implements Serializable {

  /** A batch to learn from. */
  MultiDataSet augmented(List<TrainingImage> images, long seed, int epoch) {
    float[] pixels = new float[images.size() * length()];
    for (int i = 0; i < images.size(); i++) {
      TrainingImage image = images.get(i);
      long key = CounterRandom.bits(seed, epoch, CounterRandom.key(image.key()));
      write(augmentation.apply(picture(image), key), pixels, i);
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(input(pixels, images.size()), oneHot(images));
  }

  /** A batch to look at, as it is. */
  INDArray plain(List<TrainingImage> images) {
    float[] pixels = new float[images.size() * length()];
    for (int i = 0; i < images.size(); i++) {
      write(picture(images.get(i)), pixels, i);
    }
    return input(pixels, images.size());
  }

  /** The number of every image's class. */
  int[] classNumbers(List<TrainingImage> images) {
    return images.stream().mapToInt(image -> classByLabel.get(image.label())).toArray();
  }

  private int length() {
    return input.channels() * input.height() * input.width();
  }

  private PixelImage picture(TrainingImage image) {
    return new PixelImage(input.width(), input.height(), input.channels(), image.pixels());
  }

  /** Preprocessed, channel by channel. */
  private void write(PixelImage picture, float[] batch, int place) {
    float[] interleaved = preprocessing.apply(picture, input.channels());
    int to = place * length();
    for (int c = 0; c < input.channels(); c++) {
      for (int at = c; at < interleaved.length; at += input.channels()) {
        batch[to++] = interleaved[at];
      }
    }
  }

  private INDArray input(float[] pixels, int count) {
    return Nd4j.create(
        pixels, new long[] {count, input.channels(), input.height(), input.width()}, 'c');
  }

  private INDArray oneHot(List<TrainingImage> images) {
    float[] labels = new float[images.size() * classes];
    int[] numbers = classNumbers(images);
    for (int i = 0; i < numbers.length; i++) {
      labels[i * classes + numbers[i]] = 1;
    }
    return Nd4j.create(labels, new long[] {images.size(), classes}, 'c');
  }
}
