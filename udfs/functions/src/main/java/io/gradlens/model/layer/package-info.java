/**
 * The ops that networks are made of: each computes its output and the vector–Jacobian product of
 * its inputs on ND4J arrays, channels last.
 */
package io.gradlens.model.layer;
