/** A network as a graph of ops under the names of its layers. */
package io.gradlens.model.graph;
