package io.gradlens.model;

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

  private static Preprocessing rgb(double scale, List<Double> mean, List<Double> std) {
    return new Preprocessing(ChannelOrder.RGB, scale, mean, std);
  }
}
