package io.gradlens.field;

import io.gradlens.ode.EventRoot;

/** g(t, y) by a formula, which stands in the first state's place. */
final class FormulaRoot implements EventRoot {

  private final FieldFormulas formulas;
  private final double[] values;
  private final double[] cotangent;

  FormulaRoot(FieldFormulas formulas) {
    this.formulas = formulas;
    values = new double[formulas.dim()];
    cotangent = new double[formulas.dim()];
  }

  @Override
  public double value(double t, double[] y) {
    formulas.values(t, y, values);
    return values[0];
  }

  @Override
  public double vjp(double t, double[] y, double weight, double[] gradY, double[] gradTheta) {
    cotangent[0] = weight;
    return formulas.vjp(t, y, cotangent, gradY, gradTheta);
  }
}
