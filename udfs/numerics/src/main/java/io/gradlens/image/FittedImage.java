package io.gradlens.image;

/**
 * A picture at the size of a network's input, and the part of the original that it shows.
 *
 * @param image the input, 8 bits a sample
 * @param cropX first column of the part, in pixels of the picture after any EXIF rotation
 * @param cropY first row of the part
 * @param cropWidth columns of the part
 * @param cropHeight rows of the part
 */
public record FittedImage(PixelImage image, int cropX, int cropY, int cropWidth, int cropHeight) {}
