/**
 * Files of Keras 2 and 3, read in plain Java into a {@link io.gradlens.model.graph.LayerGraph}:
 * archive, configuration and weights, then layer by layer.
 */
package io.gradlens.model.keras;
