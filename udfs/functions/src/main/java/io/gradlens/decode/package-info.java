/**
 * Image files to pixels, as Pillow would give them: {@link io.gradlens.decode.ImageDecoder} tells
 * the format by content and refuses what is damaged, cut short or too large, with a reason.
 */
package io.gradlens.decode;
