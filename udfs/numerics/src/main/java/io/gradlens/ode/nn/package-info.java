/** Vector fields that are neural networks. */
package io.gradlens.ode.nn;
