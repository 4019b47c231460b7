/**
 * Fields of differential equations as files: a description in HOCON or JSON, and weights in the
 * safetensors format.
 *
 * <pre>{@code
 * FieldFile file = FieldFile.read(Path.of("spiral.conf"));
 * DifferentiableField field = file.field().build();
 * file.withTheta(trained).write(Path.of("out/field")); // field.json and field.safetensors
 * }</pre>
 *
 * <p>A {@link io.gradlens.field.FieldDescription} is of one of four kinds, by its key {@code type}:
 * {@code mlp}; the name of a classical system; {@code expression}; {@code class}. Descriptions are
 * values that Spark can send; the fields that they build have scratch memory and belong to one
 * thread each. A {@link io.gradlens.field.LatentDescription} beside it says how a latent state is
 * observed.
 */
package io.gradlens.field;
