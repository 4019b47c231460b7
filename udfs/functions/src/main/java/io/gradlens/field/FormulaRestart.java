package io.gradlens.field;

import io.gradlens.ode.RestartMap;

/** R(t, y) by formulas. */
record FormulaRestart(FieldFormulas formulas) implements RestartMap {

  @Override
  public void apply(double t, double[] before, double[] after) {
    formulas.values(t, before, after);
  }

  @Override
  public double vjp(
      double t, double[] before, double[] cotangent, double[] gradY, double[] gradTheta) {
    return formulas.vjp(t, before, cotangent, gradY, gradTheta);
  }
}
