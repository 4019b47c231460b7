/**
 * Random numbers that are functions of what they are for, not of what was drawn before: the same
 * bits on every machine, in every batch and for every number of partitions.
 */
package io.gradlens.random;
