/**
 * Training on a cluster: {@link io.gradlens.cluster.ClusterBlocks} groups trajectories into blocks,
 * and {@link io.gradlens.cluster.ClusterWorkforce} has executors evaluate them. What is computed,
 * and in which order it is added up, is {@link io.gradlens.train}'s.
 */
package io.gradlens.cluster;
