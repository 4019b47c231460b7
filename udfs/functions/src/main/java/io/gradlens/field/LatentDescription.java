package io.gradlens.field;

import io.gradlens.train.LatentShape;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code latent} of a field file: the field moves a state that is not observed, and two
 * networks stand between the state and what is.
 *
 * <pre>
 * latent {
 *   observed = 2       // components of an observation
 *   encoder = 25       // memory of the recurrent network that reads observations backwards
 *   decoder = 20       // hidden layer of the network that says what is observed of a state
 *   seed = 1           // of the weights; or weights = latent.safetensors, beside this file
 * }
 * </pre>
 *
 * <p>The weights file has {@code NAME.weight} {@code [out, in]} and {@code NAME.bias} {@code [out]}
 * of the layers of {@link LatentShape}: with d observed components, m of the state, e and h of
 * encoder and decoder, {@code encoder.step} {@code [e, d+1+e]}, {@code encoder.head} {@code [2m,
 * e]}, {@code decoder.hidden} {@code [h, m]}, {@code decoder.output} {@code [d, h]}.
 *
 * @param shape of the networks
 * @param theta their parameters, {@code [p]}
 */
public record LatentDescription(LatentShape shape, double[] theta) implements Serializable {

  /**
   * Takes a copy of θ.
   *
   * @throws IllegalArgumentException if θ is not the shape's
   */
  public LatentDescription {
    if (theta.length != shape.params()) {
      throw new IllegalArgumentException(
          "Cannot give %d parameters to networks of %d.".formatted(theta.length, shape.params()));
    }
    theta = theta.clone();
  }

  static LatentDescription read(Section file, FieldDescription field, WeightsFile.Folder folder) {
    if (field.observed() < field.dim()) {
      throw file.at(
          "latent",
          "a latent state has no augmented components: raise 'dim', leave 'augmented' out.");
    }
    Section latent = file.section("latent");
    int observed = latent.whole("observed");
    int encoder = latent.whole("encoder");
    int decoder = latent.whole("decoder");
    LatentShape shape =
        latent.checked("observed", () -> new LatentShape(observed, field.dim(), encoder, decoder));
    if (latent.has("weights") == latent.has("seed")) {
      throw file.at("latent", "'latent' needs either 'weights', a safetensors file, or 'seed'.");
    }
    double[] theta =
        latent.has("weights")
            ? weights(shape, latent, new WeightsFile(folder, latent.text("weights")))
            : shape.draw(latent.wholeLong("seed", 0));
    latent.end();
    return new LatentDescription(shape, theta);
  }

  private static double[] weights(LatentShape shape, Section latent, WeightsFile weights) {
    return latent.checked(
        "weights", () -> LinearLayers.of(shape).theta(weights.tensors(), weights.name()));
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  /** The names of the parameters, one a number. */
  public List<String> parameterNames() {
    return LinearLayers.of(shape).parameterNames();
  }

  /** The keys of the section, but for {@code weights}. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("observed", shape.observed());
    settings.put("encoder", shape.encoder());
    settings.put("decoder", shape.decoder());
    return settings;
  }

  List<Tensor> tensors() {
    return LinearLayers.of(shape).tensors(theta);
  }
}
