package io.gradlens.field;

import io.gradlens.ode.field.ExpressionField;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One number for every state of a field, by formulas in its states, its parameters and t, with
 * derivatives: for one trajectory at a time.
 *
 * <p>The formulas are read as the right-hand side of an {@link ExpressionField}. All parameters of
 * the field that have a name which formulas can use are mentioned in front of the first one, times
 * 0, so that they are known, and in the field's order.
 */
final class FieldFormulas {

  private final ExpressionField formulas;
  private final int[] parameters;
  private final int dim;
  private final double[] time = new double[1];
  private final double[] gradTime = new double[1];
  private final double[] gradParameters;

  /**
   * @param byState formulas; states without one keep their value
   * @throws IllegalArgumentException if they cannot be read, or name what the field does not have
   */
  FieldFormulas(FieldDescription field, Map<String, String> byState) {
    List<String> names = field.parameterNames();
    double[] theta = field.theta();
    parameters =
        IntStream.range(0, names.size())
            .filter(i -> names.get(i).matches("[\\p{L}_][\\p{L}\\p{N}_]*"))
            .toArray();
    Map<String, Double> values = new HashMap<>();
    StringBuilder mention = new StringBuilder();
    for (int i : parameters) {
      values.put(names.get(i), theta[i]);
      mention.append("0*").append(names.get(i)).append(" + ");
    }
    List<String> states = field.states();
    String text =
        IntStream.range(0, states.size())
            .mapToObj(
                i ->
                    "d%s = %s(%s)"
                        .formatted(
                            states.get(i),
                            i == 0 ? mention : "",
                            byState.getOrDefault(states.get(i), states.get(i))))
            .collect(Collectors.joining("; "));
    formulas = ExpressionField.parse(text, values);
    dim = states.size();
    gradParameters = new double[parameters.length];
  }

  int dim() {
    return dim;
  }

  /** All numbers, {@code [d]}. */
  void values(double t, double[] y, double[] values) {
    time[0] = t;
    formulas.apply(time, y, values);
  }

  /**
   * Adds the products of a cotangent with the derivatives.
   *
   * @param gradTheta by the field's parameters, {@code [p]}; null where not wanted
   * @return that by t
   */
  double vjp(double t, double[] y, double[] cotangent, double[] gradY, double[] gradTheta) {
    time[0] = t;
    gradTime[0] = 0;
    Arrays.fill(gradParameters, 0);
    formulas.vjp(time, y, cotangent, gradY, gradTheta == null ? null : gradParameters, gradTime);
    for (int i = 0; gradTheta != null && i < parameters.length; i++) {
      gradTheta[parameters[i]] += gradParameters[i];
    }
    return gradTime[0];
  }
}
