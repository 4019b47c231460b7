/**
 * Vector fields: where the right-hand side of an ordinary differential equation comes from.
 *
 * <p>{@link io.gradlens.ode.field.ClassicalSystems} lists well-known ones by name.
 */
package io.gradlens.ode.field;
