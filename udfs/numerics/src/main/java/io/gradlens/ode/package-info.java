/** Ordinary differential equations, for many trajectories at once. */
package io.gradlens.ode;
