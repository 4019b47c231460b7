package io.gradlens.field;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.FloatMlp;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code type = mlp}: a network with weights from a file or drawn from a seed. */
public record NetworkDescription(MlpShape shape, double[] theta, FieldPrecision precision)
    implements FieldDescription {

  static final String TYPE = "mlp";

  enum Distribution {
    NORMAL,
    GLOROT
  }

  /**
   * @throws IllegalArgumentException if θ is not the shape's
   */
  public NetworkDescription {
    if (theta.length != shape.params()) {
      throw new IllegalArgumentException(
          "Cannot give %d parameters to a network of %d.".formatted(theta.length, shape.params()));
    }
    theta = theta.clone();
  }

  static NetworkDescription read(Section file, WeightsFile.Folder folder) {
    int dim = file.whole("dim");
    List<Integer> hidden = file.wholes("hidden");
    var activation = file.choice("activation", Activation.class);
    int power = file.whole("power", 1);
    boolean time = file.flag("time");
    int augmented = file.whole("augmented", 0);
    MlpShape shape =
        file.checked(
            "dim",
            () ->
                new MlpShape(
                    dim,
                    augmented,
                    hidden,
                    activation,
                    power,
                    time ? MlpShape.Time.LAST_INPUT : MlpShape.Time.LEFT_OUT));
    FieldPrecision precision = file.choice("precision", FieldPrecision.FLOAT64);
    if (file.has("weights") == file.has("initial")) {
      throw file.at(
          "type", "a network needs either 'weights', a safetensors file, or 'initial { … }'.");
    }
    double[] theta =
        file.has("weights")
            ? weights(shape, file, new WeightsFile(folder, file.text("weights")))
            : initial(shape, file.section("initial"));
    return new NetworkDescription(shape, theta, precision);
  }

  private static double[] weights(MlpShape shape, Section file, WeightsFile weights) {
    return file.checked(
        "weights", () -> LinearLayers.of(shape).theta(weights.tensors(), weights.name()));
  }

  private static double[] initial(MlpShape shape, Section initial) {
    Distribution distribution = initial.choice("distribution", Distribution.class);
    long seed = initial.wholeLong("seed", 0);
    double[] theta =
        distribution == Distribution.NORMAL
            ? shape.normal(initial.number("deviation"), seed)
            : shape.glorot(seed);
    initial.end();
    return theta;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public int dim() {
    return shape.dim();
  }

  @Override
  public int observed() {
    return shape.dim() - shape.augmented();
  }

  @Override
  public List<String> parameterNames() {
    return LinearLayers.of(shape).parameterNames();
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public NetworkDescription withTheta(double[] other) {
    return new NetworkDescription(shape, other, precision);
  }

  @Override
  public DifferentiableField build() {
    return new Mlp(shape, theta);
  }

  @Override
  public FloatDifferentiableField buildFloat() {
    return new FloatMlp(shape, theta);
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("type", TYPE);
    settings.put("dim", shape.dim());
    settings.put("hidden", shape.hidden());
    settings.put("activation", shape.activation().name().toLowerCase(Locale.ROOT));
    settings.put("power", shape.power());
    settings.put("time", shape.time() == MlpShape.Time.LAST_INPUT);
    settings.put("augmented", shape.augmented());
    settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  @Override
  public List<Tensor> tensors() {
    return LinearLayers.of(shape).tensors(theta);
  }
}
