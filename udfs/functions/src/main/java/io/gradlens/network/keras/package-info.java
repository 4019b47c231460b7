/**
 * Trained networks of Keras as DL4J's, to be trained on: {@link
 * io.gradlens.network.keras.KerasClassifier} reads a file, {@link
 * io.gradlens.network.keras.Conversion} goes through its graph of ops, {@link
 * io.gradlens.network.keras.LayerConversions} knows what an op is in DL4J, and {@link
 * io.gradlens.network.keras.Agreement} makes sure that the two compute the same.
 */
package io.gradlens.network.keras;
