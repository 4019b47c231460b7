package io.gradlens.train;

import java.io.Serializable;
import java.util.List;
import java.util.Random;

/**
 * The networks about a latent state z, [m] components: an encoder that reads observations backwards
 * in time and a decoder that says what is observed of a state.
 *
 * <p>Their parameters are four affine maps Wx + b, one after the other, each W {@code [out][in]}
 * and then b {@code [out]}:
 *
 * <ul>
 *   <li>encoder.step, from an observation, the time to the one after and the memory h to h;
 *   <li>encoder.head, from h to the mean μ and then log σ² of z at the first time;
 *   <li>decoder.hidden, from z to the hidden layer;
 *   <li>decoder.output, from the hidden layer to an observation.
 * </ul>
 *
 * @param observed components of an observation
 * @param latent components of a state, m
 * @param encoder components of h
 * @param decoder components of the hidden layer
 */
public record LatentShape(int observed, int latent, int encoder, int decoder)
    implements Serializable {

  /**
   * One of the four maps.
   *
   * @param in its columns
   * @param out its rows
   */
  public record Layer(String name, int in, int out) {}

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public LatentShape {
    if (Math.min(Math.min(observed, latent), Math.min(encoder, decoder)) < 1) {
      throw new IllegalArgumentException(
          "Observation, state, encoder and decoder of a latent ODE need a component or more; got %d, %d, %d and %d."
              .formatted(observed, latent, encoder, decoder));
    }
  }

  /** The maps, in the order of their parameters. */
  public List<Layer> layers() {
    return List.of(
        new Layer("encoder.step", observed + 1 + encoder, encoder),
        new Layer("encoder.head", encoder, 2 * latent),
        new Layer("decoder.hidden", latent, decoder),
        new Layer("decoder.output", decoder, observed));
  }

  /** How many parameters there are. */
  public int params() {
    return layers().stream().mapToInt(layer -> layer.out * (layer.in + 1)).sum();
  }

  /** Parameters to begin with: W and b uniform from ±1/√in, as torch.nn.Linear draws them. */
  public double[] draw(long seed) {
    double[] theta = new double[params()];
    Random random = new Random(seed);
    int at = 0;
    for (Layer layer : layers()) {
      Affine affine = new Affine(at, layer.in, layer.out);
      affine.draw(theta, random);
      at = affine.end();
    }
    return theta;
  }

  /**
   * @param at where the parameters begin in θ
   */
  RecurrentEncoder encoder(int at) {
    return new RecurrentEncoder(at, observed, encoder, latent);
  }

  StateDecoder decoder(int at) {
    return new StateDecoder(encoder(at).end(), latent, decoder, observed);
  }
}
