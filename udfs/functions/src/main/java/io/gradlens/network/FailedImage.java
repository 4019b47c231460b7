package io.gradlens.network;

import java.io.Serializable;

/**
 * An image that cannot be learned from.
 *
 * @param uri where it lies, or a digest of that
 * @param sha256 of its bytes, or null where they cannot be read
 * @param stage where it failed: read, decode, size or preprocess
 * @param errorClass the exception's class
 * @param message the reason, one line
 */
public record FailedImage(
    String uri, String sha256, String stage, String errorClass, String message)
    implements Serializable {}
