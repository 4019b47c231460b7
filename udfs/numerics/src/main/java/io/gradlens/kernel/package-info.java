/**
 * Loops that C2 does not vectorise by itself, on {@code jdk.incubator.vector}: the one package that
 * may use that module. A lane does what a plain loop over single numbers would do, in the same
 * order, so that the width of the vectors changes no bit; tests hold each kernel against such a
 * loop.
 */
package io.gradlens.kernel;
