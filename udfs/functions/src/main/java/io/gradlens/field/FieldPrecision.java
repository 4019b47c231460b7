package io.gradlens.field;

/** The size of a state's numbers while a field is solved. */
public enum FieldPrecision {
  FLOAT64,
  FLOAT32
}
