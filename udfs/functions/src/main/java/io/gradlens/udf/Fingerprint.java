package io.gradlens.udf;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A digest of a data set that does not depend on the order of its inputs: the sum modulo 2^256 of
 * their SHA-256. That of an image is SHA-256(uri‖sha256), both as text in UTF-8; an image whose
 * bytes could not be read counts with an empty sha256.
 */
public final class Fingerprint implements Serializable {

  private static final int WORDS = 4;

  /** 64 bits each, the least significant first. */
  private final long[] sum = new long[WORDS];

  /** Adds an image. */
  public void add(String uri, String sha256) {
    String text = uri + (sha256 == null ? "" : sha256);
    add(Digests.newSha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Adds an input.
   *
   * @param sha256 its digest, 32 bytes
   */
  public void add(byte[] sha256) {
    ByteBuffer words = ByteBuffer.wrap(sha256);
    long carry = 0;
    for (int i = 0; i < WORDS; i++) {
      carry = addWord(i, words.getLong(Long.BYTES * (WORDS - 1 - i)), carry);
    }
  }

  /** Adds all inputs of another one. */
  public void add(Fingerprint other) {
    long carry = 0;
    for (int i = 0; i < WORDS; i++) {
      carry = addWord(i, other.sum[i], carry);
    }
  }

  /** Adds to a word, and returns what is to be carried to the next. */
  private long addWord(int i, long word, long carry) {
    long partial = sum[i] + word;
    long total = partial + carry;
    boolean isOver =
        Long.compareUnsigned(partial, word) < 0 || Long.compareUnsigned(total, partial) < 0;
    sum[i] = total;
    return isOver ? 1 : 0;
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x%016x%016x%016x".formatted(sum[3], sum[2], sum[1], sum[0]);
  }
}
