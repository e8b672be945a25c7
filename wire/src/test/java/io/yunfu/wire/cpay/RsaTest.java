package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.T1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RsaTest {
  private static final KeyPair PAIR = pair(2048);

  // B23
  @ParameterizedTest
  @ValueSource(ints = {222, 32})
  void both_lengths_of_the_salt_verify(int saltLength) throws GeneralSecurityException {
    assertThat(signed(T1, saltLength).isSignedWith(RsaKey.of(pem(PAIR.getPublic())))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 64})
  void other_lengths_do_not(int saltLength) throws GeneralSecurityException {
    assertThat(signed(T1, saltLength).isSignedWith(RsaKey.of(base64(PAIR.getPublic())))).isFalse();
  }

  @Test
  void another_text_or_key_or_no_signature_at_all_does_not() throws GeneralSecurityException {
    var signed = signed(T1, 222);
    var key = RsaKey.of(base64(PAIR.getPublic()));
    assertThat(new Authentication.Rsa(T1 + "\n", signed.signature()).isSignedWith(key)).isFalse();
    assertThat(signed.isSignedWith(RsaKey.of(base64(pair(2048).getPublic())))).isFalse();
    for (String wrong : new String[] {"", "AAAA", "!", signed.signature().substring(4)}) {
      assertThat(new Authentication.Rsa(T1, wrong).isSignedWith(key)).isFalse();
    }
  }

  @Test
  void only_rsa_keys_of_2048_bits_are_taken() throws GeneralSecurityException {
    String ec = base64(KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic());
    for (String wrong :
        new String[] {"", "AAAA", "not a key", ec, base64(pair(1024).getPublic())}) {
      assertThatThrownBy(() -> RsaKey.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Authentication.Rsa signed(String text, int saltLength)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, saltLength, 1));
    signature.initSign(PAIR.getPrivate());
    signature.update(text.getBytes(UTF_8));
    return new Authentication.Rsa(text, Base64.getEncoder().encodeToString(signature.sign()));
  }

  private static KeyPair pair(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(PublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  private static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
