package io.gradlens.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.LatentShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldFileTest {

  private static final String NETWORK =
      """
      type = mlp
      dim = 3
      hidden = [5, 4]
      activation = softplus
      power = 2
      time = true
      augmented = 1
      """;

  /** A field of a user's; its name stands in the files below. */
  public static final class Decay implements DifferentiableField {
    private double rate = 1;

    @Override
    public int dim() {
      return 1;
    }

    @Override
    public int params() {
      return 1;
    }

    @Override
    public double[] theta() {
      return new double[] {rate};
    }

    @Override
    public void setTheta(double[] theta) {
      rate = theta[0];
    }

    @Override
    public void apply(double[] t, double[] y, double[] dydt) {
      for (int l = 0; l < t.length; l++) {
        dydt[l] = -rate * y[l];
      }
    }

    @Override
    public void vjp(
        double[] t, double[] y, double[] a, double[] gradY, double[] gradTheta, double[] gradT) {
      for (int l = 0; l < t.length; l++) {
        gradY[l] -= rate * a[l];
        if (gradTheta != null) {
          gradTheta[l] -= y[l] * a[l];
        }
      }
    }
  }

  @TempDir private Path folder;

  @Test
  void networkHasTheShapeAndWeightsThatItSays() throws Exception {
    FieldDescription field =
        read(NETWORK + "initial { distribution = normal, deviation = 0.3, seed = 7 }").field();

    MlpShape shape =
        new MlpShape(3, 1, List.of(5, 4), Activation.SOFTPLUS, 2, MlpShape.Time.LAST_INPUT);
    assertThat(field.theta()).isEqualTo(shape.normal(0.3, 7));
    assertThat(field.observed()).isEqualTo(2);
    assertThat(field.parameterNames()).hasSize(shape.params());
    assertThat(field.parameterNames()).startsWith("0.weight[0,0]").endsWith("4.bias[2]");
    assertThat(field.build()).isInstanceOf(Mlp.class);
    assertThat(slopes(field)).isEqualTo(slopes(new Mlp(shape, shape.normal(0.3, 7))));
    assertThat(read(NETWORK + "initial { distribution = glorot }").field().theta())
        .isEqualTo(shape.glorot(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type = mlp, dim = 2, hidden = [50], activation = tanh, power = 3,"
            + " initial { distribution = glorot, seed = 3 }",
        "type = mlp, dim = 3, hidden = [], activation = relu, time = true, augmented = 1,"
            + " precision = float32, initial { distribution = normal, deviation = 1 }",
        "type = lotka-volterra, parameters { alpha = 0.1 }",
        "type = pendulum, parameters { \"g/l\" = 9.80665 }",
        "type = linear, matrix = [[0, 1], [-1, 0]], precision = float32",
        "type = expression, formulas = \"dx = a*x - b*x*y; dy = -y\", parameters { a = 2, b = 0.1 }",
        "type = expression, formulas = \"dx = v; dv = -g\", parameters { g = 9.8 }, events ="
            + " [{ root = \"x - 0.2\", direction = falling, restart { v = \"-0.8*v\" } },"
            + " { root = \"t - 9\", terminal = true }]",
        "type = class, class = \"io.gradlens.field.FieldFileTest$Decay\""
      })
  void savedFieldIsTheSameToTheLastBit(String text) throws Exception {
    FieldFile file = read(text);
    double[] theta = file.field().theta();
    Random random = new Random(1);
    for (int i = 0; i < theta.length; i++) {
      theta[i] = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
    }
    theta[0] = -0.0;
    FieldFile trained = file.withTheta(theta);

    trained.write(folder.resolve("saved"));
    FieldFile again = FieldFile.read(folder.resolve("saved/field.json"));

    for (int i = 0; i < theta.length; i++) {
      assertThat(Double.doubleToRawLongBits(again.field().theta()[i]))
          .isEqualTo(Double.doubleToRawLongBits(theta[i]));
    }
    assertThat(again.canonical()).isEqualTo(trained.canonical());
    assertThat(again.events()).isEqualTo(file.events());
    assertThat(again.field().precision()).isEqualTo(file.field().precision());
    assertThat(serialised(again).canonical()).isEqualTo(trained.canonical());
  }

  @Test
  void latentStateIsSavedWithItsNetworks() throws Exception {
    FieldFile file =
        read(
            "type = mlp, dim = 3, hidden = [5], activation = elu, initial { distribution = glorot },"
                + " latent { observed = 2, encoder = 4, decoder = 6, seed = 7 }");
    LatentShape shape = new LatentShape(2, 3, 4, 6);
    assertThat(file.latent().shape()).isEqualTo(shape);
    assertThat(file.latent().theta()).isEqualTo(shape.draw(7));
    double[] theta = new Random(1).doubles(file.field().theta().length + shape.params()).toArray();
    FieldFile trained = file.withLatentTheta(theta);

    trained.write(folder.resolve("saved"));
    FieldFile again = FieldFile.read(folder.resolve("saved/field.json"));

    int own = file.field().theta().length;
    assertThat(again.field().theta()).isEqualTo(Arrays.copyOf(theta, own));
    assertThat(again.latent().theta()).isEqualTo(Arrays.copyOfRange(theta, own, theta.length));
    assertThat(again.canonical()).isEqualTo(trained.canonical()).isNotEqualTo(file.canonical());
    assertThat(serialised(again).canonical()).isEqualTo(trained.canonical());
    byte[] bytes = Files.readAllBytes(folder.resolve("saved/latent.safetensors"));
    assertThat(
            Safetensors.read(bytes, "latent").stream()
                .map(t -> t.name() + Arrays.toString(t.shape())))
        .containsExactly(
            "encoder.step.weight[4, 7]",
            "encoder.step.bias[4]",
            "encoder.head.weight[6, 4]",
            "encoder.head.bias[6]",
            "decoder.hidden.weight[6, 3]",
            "decoder.hidden.bias[6]",
            "decoder.output.weight[2, 6]",
            "decoder.output.bias[2]");
    Files.copy(folder.resolve("saved/field.safetensors"), folder.resolve("w.safetensors"));
    assertThatThrownBy(
            () ->
                read(
                    "type = sir\nlatent { observed = 2, encoder = 4, decoder = 6, weights = w.safetensors }"))
        .hasMessageContaining("line 2, column ")
        .hasMessageContaining("expected encoder.step.weight[4, 7]");
  }

  @Test
  void weightsOfAnyLayerNamesAreTakenInTheirOrder() throws Exception {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 3, 3);
    double[] theta = shape.glorot(5);
    List<Tensor> torch =
        LinearLayers.of(shape).tensors(theta).stream()
            .map(t -> new Tensor("net." + t.name().replace("4.", "10."), t.shape(), t.values()))
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .toList();
    Files.write(folder.resolve("w.safetensors"), Safetensors.write(torch));

    assertThat(
            read("type=mlp, dim=2, hidden=[3,3], activation=tanh, weights=w.safetensors")
                .field()
                .theta())
        .isEqualTo(theta);
    assertThatThrownBy(
            () -> read("type=mlp, dim=2, hidden=[3], activation=tanh, weights=w.safetensors"))
        .hasMessageContaining("line 1, column 47")
        .hasMessageContaining("0.weight[3, 2], 0.bias[3], 2.weight[2, 3], 2.bias[2]")
        .hasMessageContaining("net.10.bias[2]");
  }

  @Test
  void parametersOfSystemsHaveDefaults() throws Exception {
    assertThat(read("type = lotka-volterra, parameters { gamma = 2 }").field().theta())
        .containsExactly(0.55, 0.028, 0.024, 2);
    assertThat(read("type = linear").field().dim()).isEqualTo(2);
    assertThat(read("type = linear").field().parameterNames()).contains("matrix[1,0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type = mlp\\ndim = 2\\nhidden = [3\\nactivation = tanh     | line 4, column 12",
        "type = sir\\nparameters { beta = @ }                       | line 2, column 21",
        "type = sir\\n}                                             | line 2, column 1",
        "type = sir\\nbeta = 1                                      | line 2, column 1: unknown key 'beta'; known are: type",
        "type = sir, weights = x                                    | line 1, column 13: unknown key 'weights'",
        "type = sir\\n\\n  parameters { delta = 1 }                 | line 3, column 16: unknown parameter 'delta'; those of sir are: beta, gamma",
        "type = mpl                                                 | line 1, column 1: type 'mpl' is not known; types are: mlp, expression, class, linear",
        "kind = mlp                                                 | needs the key 'type'",
        "type = mlp\\ndim = two                                     | line 2, column 1: 'dim' must be a number, got \"two\"",
        "type = mlp\\ndim = 2.5                                     | 'dim' must be a whole number, got 2.5",
        "type = mlp, dim = 2, hidden = [0], activation = tanh, initial { distribution = glorot } | widths of 1 or more",
        "type = mlp, dim = 2, hidden = [3], activation = gelu       | 'gelu'; choose tanh, relu, elu",
        "type = mlp, dim = 2, hidden = [3], activation = tanh       | either 'weights'",
        "type = mlp, dim = 2, hidden = [3], activation = tanh, weights = none.safetensors | none.safetensors cannot be read",
        "type = mlp, dim = 2, hidden = [3], activation = tanh, initial { distribution = glorot, deviation = 1 } | unknown key 'deviation' in initial",
        "type = expression\\nformulas = \"dx = a*\"                  | line 2, column 1: Cannot read the formulas",
        "type = expression, formulas = \"dx = a*x\"                 | Parameter 'a' needs a finite value",
        "type = linear, matrix = [[1, 2], [3]]                      | must be square",
        "type = class, class = no.such.Field                        | GRADLENS_CLASSPATH",
        "type = sir\\nevents = [{ root = \"y1 - k\" }]              | line 2, column 13: Parameter 'k'",
        "type = sir, events = [{ root = y1, restart { z = 1 } }]    | 'z' is no state; states are: y1, y2, y3",
        "type = sir, events = [{ root = y1, terminal = true, restart { y1 = 1 } }] | not both",
        "type = sir, events = [{ root = y1, when = falling }]       | unknown key 'when' in events",
        "type = sir, latent { observed = 2, encoder = 5 }           | 'latent' needs the key 'decoder'",
        "type = sir\\nlatent { observed = 0, encoder = 5, decoder = 5 } | line 2, column 10: Observation, state",
        "type = sir\\nlatent { observed = 2, encoder = 5, decoder = 5 } | line 2, column 1: 'latent' needs either",
        "type = sir, latent { observed = 2, encoder = 5, decoder = 5, seed = 1, width = 3 } | unknown key 'width' in latent",
        "type = mlp, dim = 3, augmented = 1, hidden = [2], activation = tanh, initial { distribution = glorot }, latent { observed = 2, encoder = 5, decoder = 5, seed = 1 } | no augmented components"
      })
  void mistakesAreToldWithLineAndColumn(String text, String words) {
    assertThatThrownBy(() -> read(text.strip().replace("\\n", "\n")))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("field.conf, line ")
        .hasMessageContaining(words.strip());
  }

  private FieldFile read(String text) throws Exception {
    return FieldFile.read(Files.writeString(folder.resolve("field.conf"), text));
  }

  private static FieldFile serialised(FieldFile file) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(file);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (FieldFile) in.readObject();
    }
  }

  private static double[] slopes(FieldDescription field) {
    return slopes(field.build());
  }

  private static double[] slopes(DifferentiableField field) {
    double[] dydt = new double[field.dim()];
    double[] y = new double[field.dim()];
    Arrays.setAll(y, i -> 0.3 + i);
    field.apply(new double[] {0.7}, y, dydt);
    return dydt;
  }
}
