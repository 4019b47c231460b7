package io.gradlens.udf;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;

/** A row in the making, filled by column name; the row knows its schema. */
final class TableRow {

  private final StructType schema;
  private final Object[] values;

  TableRow(StructType schema) {
    this.schema = schema;
    values = new Object[schema.size()];
  }

  TableRow set(String column, Object value) {
    values[schema.fieldIndex(column)] = value;
    return this;
  }

  /** Takes over all columns of a row whose schema this one begins with. */
  TableRow setAll(Row row) {
    for (int i = 0; i < Math.min(row.size(), values.length); i++) {
      values[i] = row.get(i);
    }
    return this;
  }

  Row toRow() {
    return new GenericRowWithSchema(values.clone(), schema);
  }
}
