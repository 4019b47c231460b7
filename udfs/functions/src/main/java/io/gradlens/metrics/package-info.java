/**
 * What tasks have done, where Spark shows it: as named accumulators in its UI and event log, and as
 * meters for its metrics sinks.
 */
package io.gradlens.metrics;
