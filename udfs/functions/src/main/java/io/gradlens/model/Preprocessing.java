package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.image.PixelImage;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * How 8-bit pixels become a network's input: channel by channel in the given order, input =
 * (pixel·scale − mean)/std.
 *
 * @param channelOrder of the network's input
 * @param scale s, one for all channels
 * @param mean one a channel, in {@code channelOrder}; a single value serves all channels
 * @param std one a channel, in {@code channelOrder}; a single value serves all channels
 */
public record Preprocessing(
    ChannelOrder channelOrder, double scale, List<Double> mean, List<Double> std)
    implements Serializable {

  /** The order of colours in the network's input. */
  public enum ChannelOrder {
    RGB,
    BGR
  }

  /**
   * @throws UserInputException if mean or std has neither 1 nor 3 values, or std has a 0
   */
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if ((mean.size() != 1 && mean.size() != 3) || (std.size() != 1 && std.size() != 3)) {
      throw new UserInputException(
          "Mean and std take 1 or 3 values, got " + mean.size() + " and " + std.size() + ".");
    }
    if (std.contains(0.0)) {
      throw new UserInputException("Std must not be 0, got " + std + ".");
    }
  }

  /**
   * The conventions of keras.applications: {@code unit} x/255; {@code tf} x/127.5 − 1; {@code
   * caffe} BGR minus the ImageNet means; {@code torch} x/255 standardised by channel; {@code
   * identity} x.
   *
   * @throws UserInputException for another name
   */
  public static Preprocessing preset(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "unit" -> rgb(1 / 255.0, List.of(0.0), List.of(1.0));
      case "tf" -> rgb(1 / 127.5, List.of(1.0), List.of(1.0));
      case "caffe" ->
          new Preprocessing(ChannelOrder.BGR, 1, List.of(103.939, 116.779, 123.68), List.of(1.0));
      case "torch" -> rgb(1 / 255.0, List.of(.485, .456, .406), List.of(.229, .224, .225));
      case "identity" -> rgb(1, List.of(0.0), List.of(1.0));
      default ->
          throw new UserInputException(
              "Preprocessing '"
                  + name
                  + "' is not known; choose unit, tf, caffe, torch or identity,"
                  + " or give --channel-order with --scale, --mean and --std.");
    };
  }

  /**
   * A network's input of one picture, already resized; see {@link #apply(PixelImage, int, float[],
   * int)}.
   *
   * @return {@code [H,W,channels]}, a new array
   */
  public float[] apply(PixelImage image, int channels) {
    float[] input = new float[image.width() * image.height() * channels];
    apply(image, channels, input, 0);
    return input;
  }

  /**
   * Writes a network's input of one picture into its place in a batch.
   *
   * <p>A network of 3 channels gets a grey picture three times over; one of 1 channel gets the luma
   * of a coloured picture ({@link PixelImage#toGrey}).
   *
   * <p>Arithmetic is NumPy's and Keras' in float32, operation by operation: pixel·scale rounded to
   * float once (so that 1/255 and 1/127.5 as scales equal a division by 255 and 127.5), minus the
   * mean as float, divided by the std as float.
   *
   * @param image of the network's size; read only
   * @param channels of the network's input, 1 or 3
   * @param batch receives {@code [H,W,channels]}
   * @param offset where the picture begins in it
   * @throws UserInputException if the network has neither 1 nor 3 channels, or 1 where mean or std
   *     have 3 values
   */
  public void apply(PixelImage image, int channels, float[] batch, int offset) {
    if (channels != 1 && channels != 3) {
      throw new UserInputException(
          "Pictures have 1 or 3 channels; the network takes in " + channels + ".");
    }
    if (channels == 1 && (mean.size() != 1 || std.size() != 1)) {
      throw new UserInputException(
          "The network takes in 1 channel; mean and std take 1 value then, got %d and %d."
              .formatted(mean.size(), std.size()));
    }
    byte[] samples = (channels == 1 ? image.toGrey() : image.toRgb()).samples();
    for (int c = 0; c < channels; c++) {
      float[] levels = levels(c);
      int from = channelOrder == ChannelOrder.BGR ? channels - 1 - c : c;
      for (int at = from, to = offset + c; at < samples.length; at += channels, to += channels) {
        batch[to] = levels[samples[at] & 0xff];
      }
    }
  }

  /** The input of each of the 256 levels, for a channel of the network's input. */
  private float[] levels(int channel) {
    float m = mean.get(mean.size() == 1 ? 0 : channel).floatValue();
    float s = std.get(std.size() == 1 ? 0 : channel).floatValue();
    float[] levels = new float[256];
    for (int v = 0; v < levels.length; v++) {
      levels[v] = ((float) (v * scale) - m) / s;
    }
    return levels;
  }

  private static Preprocessing rgb(double scale, List<Double> mean, List<Double> std) {
    return new Preprocessing(ChannelOrder.RGB, scale, mean, std);
  }
}
