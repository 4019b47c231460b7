/**
 * Training of convolutional networks by DL4J on Spark: {@link io.gradlens.network.TrainingImages}
 * decodes pictures on executors, {@link io.gradlens.network.ImageSlices} spreads them by a hash of
 * their content, {@link io.gradlens.network.NetworkTrainer} trains, and {@link
 * io.gradlens.network.NetworkArchive} is the file that comes out. {@link
 * io.gradlens.network.Architectures} are the networks that there are by name; {@link
 * io.gradlens.network.NetworkSource#fineTuned} goes on from a trained one.
 */
package io.gradlens.network;
