package io.gradlens.network;

import java.io.Serializable;

/**
 * A labelled picture at the size of a network's input.
 *
 * @param sha256 of the file that it comes from
 * @param label its class by name
 * @param pixels {@code [H,W,C]}, 8 bits each; shared, to be read only
 */
public record TrainingImage(String sha256, String label, byte[] pixels) implements Serializable {

  /** Images in an order that depends on nothing but what they are. */
  String key() {
    return sha256 + label;
  }
}
