package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// One HTTP client for all calls that show no certificate, and one for each certificate: a
/// connection that was opened with one merchant's must not carry another's calls. Those that were
/// not used for longest are let go of first.
final class Clients implements AutoCloseable {
  /// Bounds threads, since each client has one of its own. Past it, calls get slower, not wrong.
  private static final int MOST_CERTIFICATES = 64;

  private final Duration connect;
  private final Optional<KeyStore> authorities;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient plain;
  private final Map<String, HttpClient> byCertificate = new LinkedHashMap<>(16, 0.75f, true);

  Clients(Duration connect, Optional<KeyStore> authorities) {
    this.connect = connect;
    this.authorities = authorities;
    try {
      plain = client(null);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the authorities cannot be used", e);
    }
  }

  /// @throws CertificateUnfit when the certificate does not open or holds no key
  synchronized HttpClient of(Optional<ClientCertificate> certificate) throws CertificateUnfit {
    if (certificate.isEmpty()) {
      return plain;
    }
    String name = name(certificate.get());
    HttpClient known = byCertificate.get(name);
    if (known != null) {
      return known;
    }
    HttpClient client = open(certificate.get());
    byCertificate.put(name, client);
    if (byCertificate.size() > MOST_CERTIFICATES) {
      var oldest = byCertificate.entrySet().iterator();
      oldest.next().getValue().shutdown(); // what it is at, it finishes
      oldest.remove();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    var all = new ArrayList<>(byCertificate.values());
    all.add(plain);
    byCertificate.clear();
    all.forEach(HttpClient::shutdownNow);
    executor.shutdownNow();
  }

  private HttpClient open(ClientCertificate certificate) throws CertificateUnfit {
    char[] password = certificate.password().reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(
          new ByteArrayInputStream(Base64.getMimeDecoder().decode(certificate.pkcs12().reveal())),
          password);
      if (!holdsKey(store)) {
        throw new CertificateUnfit("the client certificate has no private key");
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      return client(keys.getKeyManagers());
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new CertificateUnfit("the client certificate does not open with its password");
    }
  }

  private static boolean holdsKey(KeyStore store) throws GeneralSecurityException {
    for (Enumeration<String> names = store.aliases(); names.hasMoreElements(); ) {
      if (store.isKeyEntry(names.nextElement())) {
        return true;
      }
    }
    return false;
  }

  private HttpClient client(KeyManager @Nullable [] keys) throws GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities.orElse(null));
    tls.init(keys, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(connect)
        .sslContext(tls)
        .executor(executor)
        .build();
  }

  /// A digest, so that no key of the map is a secret.
  private static String name(ClientCertificate certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : List.of(certificate.pkcs12().reveal(), certificate.password().reveal())) {
        digest.update(part.getBytes(UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  /// A person has to put that right.
  static final class CertificateUnfit extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    CertificateUnfit(String why) {
      super(why);
      this.why = why;
    }

    String why() {
      return why;
    }
  }
}
