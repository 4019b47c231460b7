package io.gradlens.field;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.field.ExpressionField;
import io.gradlens.ode.field.FloatExpressionField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code type = expression}: formulas and the values of their parameters. */
public record FormulaDescription(
    String formulas,
    List<String> states,
    List<String> parameterNames,
    double[] theta,
    FieldPrecision precision)
    implements FieldDescription {

  static final String TYPE = "expression";

  /**
   * @throws IllegalArgumentException if θ does not fit the names
   */
  public FormulaDescription {
    if (theta.length != parameterNames.size()) {
      throw new IllegalArgumentException(
          "Cannot give %d parameters to formulas that have %d (%s)."
              .formatted(theta.length, parameterNames.size(), String.join(", ", parameterNames)));
    }
    states = List.copyOf(states);
    parameterNames = List.copyOf(parameterNames);
    theta = theta.clone();
  }

  static FormulaDescription read(Section file) {
    String formulas = file.text("formulas");
    Map<String, Double> parameters = file.numbers("parameters");
    FieldPrecision precision = file.choice("precision", FieldPrecision.FLOAT64);
    ExpressionField field =
        file.checked("formulas", () -> ExpressionField.parse(formulas, parameters));
    return new FormulaDescription(
        formulas, field.states(), field.parameters(), field.theta(), precision);
  }

  static Map<String, Double> byName(List<String> names, double[] values) {
    Map<String, Double> byName = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      byName.put(names.get(i), values[i]);
    }
    return byName;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public int dim() {
    return states.size();
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public FormulaDescription withTheta(double[] other) {
    return new FormulaDescription(formulas, states, parameterNames, other, precision);
  }

  @Override
  public DifferentiableField build() {
    return ExpressionField.parse(formulas, byName(parameterNames, theta));
  }

  @Override
  public FloatDifferentiableField buildFloat() {
    return FloatExpressionField.parse(formulas, byName(parameterNames, theta));
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("type", TYPE);
    settings.put("formulas", formulas);
    settings.put("parameters", byName(parameterNames, theta));
    settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  @Override
  public List<Tensor> tensors() {
    return List.of();
  }
}
