package io.yunfu.channels.alipay;

import static io.yunfu.channels.alipay.Fixture.NOW;
import static io.yunfu.channels.alipay.Fixture.file;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AntCertificationUtil;
import io.yunfu.channels.alipay.Credentials.Trust;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.kernel.Secret;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private static final byte[] TEXT = "text".getBytes(UTF_8);

  @Test
  void certificate_numbers_are_those_of_alipay_s_own_package() throws Exception {
    var trust = (Trust.Certified) Credentials.of(Fixture.certificateMode(), NOW).trust();
    assertThat(trust.applicationNumber()).isEqualTo(theirNumber("application.pem"));
    assertThat(trust.rootNumbers())
        .isEqualTo(AntCertificationUtil.getRootCertSN(file("roots.pem")))
        .matches("[0-9a-f]{32}_[0-9a-f]{32}"); // two of the four roots are RSA
    assertThat(trust.byNumber())
        .containsOnlyKeys(theirNumber("alipay.pem"), theirNumber("alipay-next.pem"));
  }

  @Test
  void chains_are_judged_as_alipay_s_own_package_judges_them() {
    assertThat(AntCertificationUtil.isTrusted(file("alipay.pem"), file("roots.pem"))).isTrue();
    assertThat(AntCertificationUtil.isTrusted(file("alipay-foreign.pem"), file("roots.pem")))
        .isFalse();
    assertThat(objection(certificates(List.of("alipay.pem")))).isEmpty();
    // The foreign root has the name of one of ours.
    assertThat(objection(certificates(List.of("alipay.pem", "alipay-foreign.pem"))))
        .contains("Alipay's certificate does not lead to one of Alipay's roots");
  }

  @Test
  void an_expired_certificate_is_not_used_beside_a_new_one_and_not_alone() throws Exception {
    var both = Credentials.of(certificates(List.of("alipay-expired.pem", "alipay-next.pem")), NOW);
    assertThat(((Trust.Certified) both.trust()).byNumber())
        .containsOnlyKeys(theirNumber("alipay-next.pem"));
    assertThat(objection(certificates(List.of("alipay-expired.pem"))))
        .contains("Alipay's certificate has expired");
    assertThat(
            Credentials.objection(Fixture.certificateMode(), Instant.parse("2300-01-01T00:00:00Z")))
        .contains("Alipay's certificate has expired");
  }

  @Test
  void the_number_in_a_message_selects_the_certificate() throws Exception {
    var credentials = Credentials.of(Fixture.certificateMode(), NOW);
    String sign = Fixture.sign("text", "alipay-next.key");
    assertThat(credentials.verifies(TEXT, sign, Optional.of(theirNumber("alipay-next.pem"))))
        .isTrue();
    assertThat(credentials.verifies(TEXT, sign, Optional.of(theirNumber("alipay.pem")))).isFalse();
    assertThat(credentials.verifies(TEXT, sign, Optional.of("0".repeat(32)))).isFalse();
    assertThat(credentials.verifies(TEXT, sign, Optional.empty())).isTrue();
    String ours = Fixture.sign("text", "application.key");
    assertThat(credentials.verifies(TEXT, ours, Optional.empty())).isFalse();
  }

  @Test
  void keys_may_come_with_and_without_a_frame() {
    String bare = file("application.key").replaceAll("-----[^-]+-----|\\s", "");
    assertThat(objection(withKey(bare))).isEmpty();
    assertThat(
            objection(
                Fixture.account(
                    new AlipayTrust.PublicKey(
                        file("alipay.pub").replaceAll("-----[^-]+-----|\\s", "")))))
        .isEmpty();
  }

  @Test
  void what_is_no_key_is_refused_without_showing_it() {
    for (String key : List.of("x", "c2VjcmV0LWtleQ==", file("application.key").replace("A", "B"))) {
      assertThat(objection(withKey(key)))
          .contains("the application's private key is not an RSA key in PKCS#8");
    }
    assertThat(objection(withKey("-----BEGIN RSA PRIVATE KEY-----\nMIIE")))
        .hasValueSatisfying(text -> assertThat(text).contains("PKCS#1").doesNotContain("MIIE"));
    assertThat(objection(Fixture.account(new AlipayTrust.PublicKey("c2VjcmV0"))))
        .contains("Alipay's public key is not an RSA key in X.509");
  }

  @Test
  void our_own_key_in_the_place_of_alipay_s_is_refused() throws Exception {
    var credentials = Credentials.of(Fixture.publicKeyMode(), NOW);
    var ours =
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    credentials.privateKey().getModulus(), BigInteger.valueOf(65537)));
    assertThat(
            objection(
                Fixture.account(
                    new AlipayTrust.PublicKey(
                        Base64.getEncoder().encodeToString(ours.getEncoded())))))
        .contains("the application's own key stands where Alipay's key belongs");
    assertThat(objection(certificates(List.of("application.pem"))))
        .isNotEmpty(); // no chain comes with it
  }

  @Test
  void an_application_certificate_for_another_key_is_refused() {
    assertThat(
            objection(
                Fixture.account(
                    new AlipayTrust.Certificates(
                        file("alipay.pem"), List.of(file("alipay.pem")), file("roots.pem")))))
        .contains("the application's certificate is for another key than the private key");
  }

  @Test
  void what_is_no_certificate_is_refused() {
    assertThat(
            objection(
                Fixture.account(
                    new AlipayTrust.Certificates(
                        file("application.pem"), List.of("none"), file("roots.pem")))))
        .contains("Alipay's certificate: no certificate in PEM");
    assertThat(
            objection(
                Fixture.account(
                    new AlipayTrust.Certificates(
                        file("application.pem"),
                        List.of(file("alipay.pem").replaceFirst("MII", "MIA")),
                        file("roots.pem")))))
        .contains("Alipay's certificate: a certificate cannot be read");
  }

  @Test
  void short_keys_are_refused() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    assertThat(objection(withKey(Base64.getEncoder().encodeToString(key))))
        .contains("the application's private key has 1024 bits, and needs at least 2048");
  }

  @Test
  void nothing_that_holds_a_key_prints_it() throws Exception {
    String account = Fixture.certificateMode().toString();
    assertThat(account).doesNotContain("PRIVATE KEY").doesNotContain(Fixture.TOKEN);
    var credentials = Credentials.of(Fixture.publicKeyMode(), NOW);
    assertThat(credentials.toString())
        .doesNotContain(credentials.privateKey().getPrivateExponent().toString())
        .doesNotContain(credentials.privateKey().getPrivateExponent().toString(16));
    assertThatThrownBy(() -> Credentials.of(withKey("c2VjcmV0LWtleQ=="), NOW))
        .hasNoCause()
        .hasMessageNotContaining("c2VjcmV0");
  }

  private static ChannelAccount.Alipay withKey(String key) {
    var account = Fixture.publicKeyMode();
    return new ChannelAccount.Alipay(
        account.appId(),
        Secret.of(key),
        account.trust(),
        account.appAuthToken(),
        account.sellerId(),
        account.serviceProviderId());
  }

  private static ChannelAccount.Alipay certificates(List<String> alipay) {
    return Fixture.account(
        new AlipayTrust.Certificates(
            file("application.pem"),
            alipay.stream().map(Fixture::file).toList(),
            file("roots.pem")));
  }

  private static Optional<String> objection(ChannelAccount.Alipay account) {
    return Credentials.objection(account, NOW);
  }

  private static String theirNumber(String file) throws Exception {
    return AntCertificationUtil.getCertSN(AntCertificationUtil.getCertFromContent(file(file)));
  }
}
