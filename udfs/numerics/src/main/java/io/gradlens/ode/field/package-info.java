/**
 * Vector fields: where the right-hand side of an ordinary differential equation comes from.
 *
 * <ul>
 *   <li>{@link io.gradlens.ode.field.ClassicalSystems}: well-known systems, by name.
 *   <li>{@link io.gradlens.ode.field.ExpressionField}: formulas in a text. They are parsed into an
 *       {@code ExpressionGraph}, differentiated there by {@code ReverseMode}, translated into a
 *       {@code Program}, and run by a {@code LaneMachine}.
 *   <li>{@link io.gradlens.ode.field.FieldClass}: a class of the user's.
 * </ul>
 *
 * <p>Every class for double precision has a twin for single precision, with the prefix {@code
 * Float}.
 */
package io.gradlens.ode.field;
