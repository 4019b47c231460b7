package io.gradlens.jobs;

import io.gradlens.udf.Digests;
import java.math.BigInteger;

/**
 * A digest of a data set that does not depend on the order of its images: the sum modulo 2^256 of
 * SHA-256(uri‖sha256), both as text in UTF-8. An image whose bytes could not be read counts with an
 * empty sha256.
 */
final class Fingerprint {

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  private BigInteger sum = BigInteger.ZERO;

  void add(String uri, String sha256) {
    String digest = Digests.sha256(uri + (sha256 == null ? "" : sha256));
    sum = sum.add(new BigInteger(digest, 16)).mod(MODULUS);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return "%064x".formatted(sum);
  }
}
