/** Gradients of ordinary differential equations. */
package io.gradlens.ode.adjoint;
