/**
 * What Spark runs: {@link io.gradlens.udf.Gradlens} explains data sets in batches, {@link
 * io.gradlens.udf.GradlensFunctions} single images from SQL, {@link io.gradlens.udf.Schemas} has
 * every column once.
 */
package io.gradlens.udf;
