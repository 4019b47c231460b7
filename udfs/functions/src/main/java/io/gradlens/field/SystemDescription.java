package io.gradlens.field;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.field.ClassicalSystems;
import io.gradlens.ode.field.FloatClassicalSystems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code type} is the name of a classical system; its parameters have defaults. */
public record SystemDescription(ClassicalSystems system, double[] theta, FieldPrecision precision)
    implements FieldDescription {

  /**
   * @throws IllegalArgumentException if θ is not the system's
   */
  public SystemDescription {
    theta = system.field(theta).theta();
  }

  static SystemDescription read(ClassicalSystems system, Section file) {
    FieldPrecision precision = file.choice("precision", FieldPrecision.FLOAT64);
    double[] theta = system.field().theta();
    if (system == ClassicalSystems.LINEAR) {
      return file.checked(
          "matrix",
          () ->
              new SystemDescription(
                  system, file.has("matrix") ? flat(file.matrix("matrix")) : theta, precision));
    }
    Map<String, Double> given = file.numbers("parameters");
    for (String name : given.keySet()) {
      int index = system.parameters().indexOf(name);
      if (index < 0) {
        throw file.section("parameters")
            .at(
                name,
                "unknown parameter '%s'; those of %s are: %s."
                    .formatted(name, system.id(), String.join(", ", system.parameters())));
      }
      theta[index] = given.get(name);
    }
    return new SystemDescription(system, theta, precision);
  }

  private static double[] flat(double[][] rows) {
    for (double[] row : rows) {
      if (row.length != rows.length) {
        throw new IllegalArgumentException(
            "'matrix' must be square; it has %d rows, and a row of %d numbers."
                .formatted(rows.length, row.length));
      }
    }
    return IntStream.range(0, rows.length * rows.length)
        .mapToDouble(i -> rows[i / rows.length][i % rows.length])
        .toArray();
  }

  @Override
  public String type() {
    return system.id();
  }

  @Override
  public int dim() {
    return system.field(theta).dim();
  }

  @Override
  public List<String> parameterNames() {
    if (system != ClassicalSystems.LINEAR) {
      return system.parameters();
    }
    int d = dim();
    return IntStream.range(0, d * d)
        .mapToObj(i -> "matrix[%d,%d]".formatted(i / d, i % d))
        .toList();
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public SystemDescription withTheta(double[] other) {
    return new SystemDescription(system, other, precision);
  }

  @Override
  public DifferentiableField build() {
    return system.field(theta);
  }

  @Override
  public FloatDifferentiableField buildFloat() {
    return FloatClassicalSystems.named(system.id()).field(theta);
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("type", type());
    if (system == ClassicalSystems.LINEAR) {
      List<double[]> rows = new ArrayList<>();
      int d = dim();
      for (int i = 0; i < d; i++) {
        rows.add(Arrays.copyOfRange(theta, i * d, (i + 1) * d));
      }
      settings.put("matrix", rows);
    } else {
      settings.put("parameters", FormulaDescription.byName(parameterNames(), theta));
    }
    settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  @Override
  public List<Tensor> tensors() {
    return List.of();
  }
}
