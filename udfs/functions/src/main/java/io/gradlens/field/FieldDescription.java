package io.gradlens.field;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a field file says: a value, from which every task builds a field of its own. */
public sealed interface FieldDescription extends Serializable
    permits ClassDescription, FormulaDescription, NetworkDescription, SystemDescription {

  /** The file's {@code type}. */
  String type();

  /** Components of a state, d. */
  int dim();

  /** How many of them data has; the others, the last ones, are augmented and start at 0. */
  default int observed() {
    return dim();
  }

  /** The components' names, as formulas of events use them. */
  default List<String> states() {
    return IntStream.rangeClosed(1, dim()).mapToObj(i -> "y" + i).toList();
  }

  /** The names of the parameters θ, one a number. */
  List<String> parameterNames();

  /** A copy of the parameters, {@code [p]}. */
  double[] theta();

  /**
   * The same with other parameters.
   *
   * @param theta is copied, {@code [p]}
   * @throws IllegalArgumentException if there are more or fewer
   */
  FieldDescription withTheta(double[] theta);

  /** In which precision it is to be solved. */
  FieldPrecision precision();

  /**
   * A new field in double precision.
   *
   * @throws io.gradlens.UserInputException if it is of a class that is not there
   */
  DifferentiableField build();

  /**
   * A new field in single precision.
   *
   * @throws io.gradlens.UserInputException if there is none of it
   */
  FloatDifferentiableField buildFloat();

  /** The keys of a file that describes it, but for {@code weights}. */
  Map<String, Object> settings();

  /** What goes into the weights file; nothing where the settings have the parameters. */
  List<Tensor> tensors();
}
