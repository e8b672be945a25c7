package io.yunfu.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.simulator.seed.Seed;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
  private final Instant now = Instant.now();
  private final Seed seed = new Seed(7);
  private final RsaKeys keys = new RsaKeys(seed, null);
  private final Authority authority = Authority.create(seed, "CN=test CA", now);

  @Test
  void the_jdk_validates_a_certificate_up_to_its_authority() throws Exception {
    validate(client("1900000001").certificate(), authority);
    validate(
        authority.server("localhost", List.of("localhost", "127.0.0.1", "::1")).certificate(),
        authority);
  }

  @Test
  void an_rsa_authority_works_as_well() throws Exception {
    Authority rsa = Authority.createRsa(seed, "CN=rsa CA", now, keys.of("rsa CA"));
    validate(rsa.client("1900000001", keys.of("client")).certificate(), rsa);
  }

  @Test
  void a_certificate_of_another_authority_is_not_taken() {
    Authority other = Authority.create(new Seed(8), "CN=test CA", now);
    X509Certificate foreign = other.client("1900000001", keys.of("client/x")).certificate();
    assertThat(authority.issued(foreign)).isFalse();
    assertThatThrownBy(() -> validate(foreign, authority))
        .isInstanceOf(CertPathValidatorException.class);
    assertThat(authority.issued(client("1900000001").certificate())).isTrue();
  }

  @Test
  void a_client_certificate_cannot_issue_others() {
    assertThat(authority.certificate().getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(client("x").certificate().getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void names_and_addresses_of_the_server_are_in_its_certificate() throws Exception {
    X509Certificate server =
        authority.server("localhost", List.of("localhost", "127.0.0.1")).certificate();
    assertThat(server.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void the_same_seed_gives_the_same_keys() {
    assertThat(new RsaKeys(new Seed(7), null).of("a").getPublic())
        .isEqualTo(keys.of("a").getPublic());
    assertThat(new RsaKeys(new Seed(8), null).of("a").getPublic())
        .isNotEqualTo(keys.of("a").getPublic());
    assertThat(client("b").keyPem()).isNotEqualTo(client("a").keyPem());
  }

  @Test
  void a_key_that_was_kept_is_not_made_again(@TempDir Path directory) throws Exception {
    var made = new RsaKeys(seed, directory).of("a");
    try (var files = Files.list(directory.resolve("keys"))) {
      assertThat(files).hasSize(1);
    }
    var again = new RsaKeys(seed, directory).of("a");
    assertThat(again.getPrivate()).isEqualTo(made.getPrivate());
    assertThat(again.getPublic()).isEqualTo(made.getPublic());
    try (var files = Files.list(directory.resolve("keys"))) {
      Files.writeString(files.findFirst().orElseThrow(), "damaged");
    }
    assertThat(new RsaKeys(seed, directory).of("a").getPublic()).isEqualTo(made.getPublic());
  }

  @Test
  void a_key_store_opens_with_its_password_only() throws Exception {
    byte[] stored = client("1900000001").pkcs12("1900000001");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(stored), "1900000001".toCharArray());
    assertThat(store.getCertificateChain("key")).hasSize(2);
    assertThatThrownBy(() ->
            KeyStore.getInstance("PKCS12")
                .load(new ByteArrayInputStream(stored), "1900000002".toCharArray()))
        .isInstanceOf(java.io.IOException.class);
  }

  private Credential client(String name) {
    return authority.client(name, keys.of("client/" + name));
  }

  private static void validate(X509Certificate certificate, Authority by) throws Exception {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(by.certificate(), null)));
    parameters.setRevocationEnabled(false);
    var _ =
        CertPathValidator.getInstance("PKIX")
            .validate(
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                parameters);
  }
}
