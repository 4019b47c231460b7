/**
 * Continuous normalising flows: probability densities that an ordinary differential equation
 * carries along.
 *
 * <p>A point z moves by dz/dt = f(t, z, θ), and the density at it changes by d log p/dt = −tr
 * ∂f/∂z. Between a base density at one time, here the standard normal one, and the data's at
 * another there is no more to a flow than that: {@link io.gradlens.ode.flow.ContinuousFlow} gives
 * densities of points, points drawn from the density, and a loss to fit θ with. {@link
 * io.gradlens.ode.flow.FlowField} is the field behind it, with the exact trace or an estimate from
 * random {@link io.gradlens.ode.flow.Noise}.
 *
 * <p>Every class for double precision has a twin for single precision, with the prefix {@code
 * Float}.
 *
 * <p>Source: Chen et al., Neural Ordinary Differential Equations, 2018, section 4; Grathwohl et
 * al., FFJORD, 2019, for the estimate.
 */
package io.gradlens.ode.flow;
