package io.gradlens.field;

import io.gradlens.UserInputException;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.VectorField;
import io.gradlens.ode.field.FieldClass;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code type = class}: a class of the user's, which executors must have too. */
public record ClassDescription(String className, int dim, double[] theta)
    implements FieldDescription {

  static final String TYPE = "class";
  private static final String TENSOR = "theta";

  /** Takes a copy of θ. */
  public ClassDescription {
    theta = theta.clone();
  }

  static ClassDescription read(Section file, WeightsFile.Folder folder) {
    String name = file.text("class");
    DifferentiableField field = file.checked("class", () -> load(name));
    if (!file.has("weights")) {
      return new ClassDescription(name, field.dim(), field.theta());
    }
    WeightsFile weights = new WeightsFile(folder, file.text("weights"));
    return file.checked(
        "weights",
        () -> {
          List<Tensor> tensors = weights.tensors();
          if (tensors.size() != 1 || !tensors.get(0).hasShape(field.params())) {
            throw new UserInputException(
                "Weights file %s must have one tensor '%s' of %d numbers for class %s."
                    .formatted(weights.name(), TENSOR, field.params(), name));
          }
          return new ClassDescription(name, field.dim(), tensors.get(0).values());
        });
  }

  private static DifferentiableField load(String className) {
    VectorField field;
    try {
      field = FieldClass.load(className, Thread.currentThread().getContextClassLoader());
    } catch (IllegalArgumentException e) {
      throw new UserInputException(
          e.getMessage() + " Give its jar to spark-submit's --jars, or in GRADLENS_CLASSPATH.", e);
    }
    if (!(field instanceof DifferentiableField differentiable)) {
      throw new UserInputException(
          "Field class '%s' has no vector–Jacobian products: implement %s."
              .formatted(className, DifferentiableField.class.getName()));
    }
    return differentiable;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> parameterNames() {
    return IntStream.range(0, theta.length).mapToObj(i -> "theta[%d]".formatted(i)).toList();
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public ClassDescription withTheta(double[] other) {
    if (other.length != theta.length) {
      throw new IllegalArgumentException(
          "Cannot give %d parameters to class %s, which has %d."
              .formatted(other.length, className, theta.length));
    }
    return new ClassDescription(className, dim, other);
  }

  @Override
  public FieldPrecision precision() {
    return FieldPrecision.FLOAT64;
  }

  @Override
  public DifferentiableField build() {
    DifferentiableField field = load(className);
    field.setTheta(theta);
    return field;
  }

  @Override
  public FloatDifferentiableField buildFloat() {
    throw new UserInputException(
        "Field class '%s' is solved in double precision only.".formatted(className));
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("type", TYPE, "class", className);
  }

  @Override
  public List<Tensor> tensors() {
    return List.of(new Tensor(TENSOR, new int[] {theta.length}, theta));
  }
}
