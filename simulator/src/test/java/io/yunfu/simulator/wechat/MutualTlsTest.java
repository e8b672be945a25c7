package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.seed.Seed;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;

/// `/secapi` asks for the provider's own certificate.
class MutualTlsTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";
  private static final String REFUND = "cp01R20260101000000000000000001";

  @Test
  void without_a_certificate_nothing_is_refunded() {
    provider.paid(provider.order(NUMBER));
    assertRefused(provider.secure(""), Port.WX_HTTPS);
  }

  @Test
  void in_plain_http_nothing_is_refunded() {
    provider.paid(provider.order(NUMBER));
    assertRefused(HttpClient.newHttpClient(), Port.WX_HTTP);
  }

  @Test
  void the_certificate_of_another_provider_is_no_use() {
    provider.paid(provider.order(NUMBER));
    assertRefused(provider.secure("1900000002"), Port.WX_HTTPS);
  }

  @Test
  void a_certificate_of_another_authority_is_no_use_whatever_its_name() throws Exception {
    provider.paid(provider.order(NUMBER));
    var foreign =
        new Credentials(new Seed(99), Instant.now(), null).client(Provider.MCH).keyStore("x");
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(sandbox.trustStore());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Insisting(foreign)}, trust.getTrustManagers(), null);
    assertRefused(HttpClient.newBuilder().sslContext(context).build(), Port.WX_HTTPS);
  }

  @Test
  void its_own_certificate_opens_the_door_also_from_the_file_that_was_handed_out()
      throws Exception {
    provider.paid(provider.order(NUMBER));
    var _ = sandbox.credentials().client(Provider.MCH);
    byte[] file = sandbox.credentials().file(Provider.MCH + ".p12").orElseThrow();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(file), Provider.MCH.toCharArray());
    var answer =
        provider.verified(
            provider.send(
                provider.secure(store, Provider.MCH),
                Port.WX_HTTPS,
                "/secapi/pay/refund",
                Provider.xml(provider.signed(provider.refundFields(NUMBER, REFUND, 101, 101)))));
    assertThat(answer).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void other_calls_need_no_certificate_over_https() {
    Map<String, String> answer =
        provider.verified(
            provider.send(
                provider.secure(""),
                Port.WX_HTTPS,
                "/pay/unifiedorder",
                Provider.xml(provider.signed(provider.order(NUMBER)))));
    assertThat(answer).containsEntry("result_code", "SUCCESS");
  }

  private void assertRefused(HttpClient client, Port port) {
    var answer =
        provider.verified(
            provider.send(
                client,
                port,
                "/secapi/pay/refund",
                Provider.xml(provider.signed(provider.refundFields(NUMBER, REFUND, 101, 101)))));
    assertThat(answer).containsEntry("return_code", "FAIL").containsEntry("err_code", "CERT_ERROR");
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("err_code", "REFUNDNOTEXIST");
  }

  /// Shows its certificate although the server asked for those of others.
  private static final class Insisting extends X509ExtendedKeyManager {
    private final KeyStore store;

    Insisting(KeyStore store) {
      this.store = store;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return "key";
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "key";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      try {
        return new X509Certificate[] {(X509Certificate) store.getCertificate(alias)};
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      try {
        return (PrivateKey) store.getKey(alias, "x".toCharArray());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"key"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
