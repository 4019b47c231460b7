package io.gradlens.decode;

import io.gradlens.image.PixelImage;

/**
 * A picture read from a file.
 *
 * @param pixels grey or RGB, upright where EXIF is applied
 * @param fileWidth columns that the file declares, before any EXIF rotation
 * @param fileHeight rows that the file declares, before any EXIF rotation
 */
public record DecodedImage(PixelImage pixels, int fileWidth, int fileHeight) {}
