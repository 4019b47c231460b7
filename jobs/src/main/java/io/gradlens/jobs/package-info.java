/**
 * The command line and runs: {@link io.gradlens.jobs.Gradlens} is the entry, an {@code ExplainJob}
 * one attempt, a {@code ShardLoop} its commits, {@code RunFolder} and {@code ResultTables} what is
 * on disk.
 */
package io.gradlens.jobs;
