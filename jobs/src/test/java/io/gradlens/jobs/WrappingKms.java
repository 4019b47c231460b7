package io.gradlens.jobs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.KeyAccessDeniedException;
import org.apache.parquet.crypto.keytools.KmsClient;

/** A key management service of which the configuration holds the keys: 16 letters each. */
public final class WrappingKms implements KmsClient {

  /** Prefix of the settings that have keys, by name. */
  static final String KEY = "gradlens.test.key.";

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private Configuration configuration;

  @Override
  public void initialize(
      Configuration configuration, String instance, String url, String accessToken) {
    this.configuration = configuration;
  }

  @Override
  public String wrapKey(byte[] key, String name) {
    byte[] nonce = new byte[NONCE];
    new SecureRandom().nextBytes(nonce);
    byte[] wrapped = crypt(Cipher.ENCRYPT_MODE, name, nonce, key);
    return Base64.getEncoder()
        .encodeToString(
            ByteBuffer.allocate(NONCE + wrapped.length).put(nonce).put(wrapped).array());
  }

  @Override
  public byte[] unwrapKey(String wrapped, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(wrapped));
    byte[] nonce = new byte[NONCE];
    bytes.get(nonce);
    byte[] key = new byte[bytes.remaining()];
    bytes.get(key);
    return crypt(Cipher.DECRYPT_MODE, name, nonce, key);
  }

  private byte[] crypt(int mode, String name, byte[] nonce, byte[] bytes) {
    String key = configuration.get(KEY + name);
    if (key == null) {
      throw new KeyAccessDeniedException("No key of the name " + name);
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode,
          new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new KeyAccessDeniedException("The key " + name + " is another", e);
    }
  }
}
