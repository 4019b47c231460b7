/**
 * Trained networks: {@link io.gradlens.model.ModelLoader} reads files, {@link
 * io.gradlens.model.ProbedModel} and {@link io.gradlens.model.Trace} are the seam that everything
 * else sees, and the engine behind it runs a graph of ops on ND4J.
 */
package io.gradlens.model;
