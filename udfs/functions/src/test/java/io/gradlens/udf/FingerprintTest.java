package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  @Test
  void orderDoesNotMatterAndEveryImageDoes() {
    Fingerprint ab = new Fingerprint();
    ab.add("a", "01");
    ab.add("b", null);
    Fingerprint ba = new Fingerprint();
    ba.add("b", null);
    ba.add("a", "01");

    assertThat(ab).hasToString(ba.toString());
    ba.add("a", "01");
    assertThat(ab.toString()).isNotEqualTo(ba.toString());
  }

  @Test
  void isTheSumOfDigestsModulo2To256() throws Exception {
    BigInteger sum = BigInteger.ZERO;
    Fingerprint fingerprint = new Fingerprint();
    for (int i = 0; i < 9; i++) {
      fingerprint.add("image" + i, "ab" + i);
      byte[] text = ("image" + i + "ab" + i).getBytes(StandardCharsets.UTF_8);
      sum = sum.add(new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(text)));
    }

    BigInteger modulus = BigInteger.TWO.pow(256);
    assertThat(sum).as("the sum runs over, else this shows nothing").isGreaterThan(modulus);
    assertThat(new BigInteger(fingerprint.toString(), 16)).isEqualTo(sum.mod(modulus));
  }
}
