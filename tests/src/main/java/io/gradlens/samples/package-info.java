/** Draws the sample pictures and trains the sample network of data-samples. */
package io.gradlens.samples;
