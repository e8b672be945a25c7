package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/// Requests to channels, each with the certificate that it has to show: a connection that was
/// opened with one merchant's must not carry another's calls. Certificates that were not used for
/// longest are let go of first; what is on its way with them finishes.
final class Clients implements AutoCloseable {
  /// Bounds what is kept of certificates. Past it, calls get slower, not wrong.
  private static final int MOST_CERTIFICATES = 64;

  private final Duration connect;
  private final Optional<KeyStore> authorities;
  private final LinkedHashMap<String, Tls> byCertificate = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Client client;
  private boolean closed;

  /// Starts nothing: an installation without payments has no use for it.
  Clients(Duration connect, Optional<KeyStore> authorities) {
    this.connect = connect;
    this.authorities = authorities;
  }

  /// A GET, as yet.
  ///
  /// @throws NoClient when the certificate does not open or holds no key, or after the end
  Request request(URI target, Optional<ClientCertificate> certificate) throws NoClient {
    Client running;
    Tls tls;
    synchronized (this) {
      running = client();
      tls = certificate.isEmpty() ? (Tls) running.getSslContextFactory() : of(certificate.get());
    }
    return running.newRequest(target).tag(tls);
  }

  @Override
  public synchronized void close() {
    closed = true;
    byCertificate.clear();
    if (client != null) {
      client.close();
    }
  }

  private Client client() throws NoClient {
    if (closed) {
      throw new NoClient("the program ends");
    }
    if (client == null) {
      try {
        client = new Client(connect, new Tls(null, authorities));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the authorities cannot be used", e);
      }
      LifeCycle.start(client);
    }
    return client;
  }

  private Tls of(ClientCertificate certificate) throws NoClient {
    String name = name(certificate);
    Tls known = byCertificate.get(name);
    if (known != null) {
      return known;
    }
    Tls opened = open(certificate);
    byCertificate.put(name, opened);
    if (byCertificate.size() > MOST_CERTIFICATES) {
      byCertificate.pollFirstEntry();
    }
    return opened;
  }

  private Tls open(ClientCertificate certificate) throws NoClient {
    char[] password = certificate.password().reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(
          new ByteArrayInputStream(Base64.getMimeDecoder().decode(certificate.pkcs12().reveal())),
          password);
      if (!holdsKey(store)) {
        throw new NoClient("the client certificate has no private key");
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      return new Tls(keys.getKeyManagers(), authorities);
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new NoClient("the client certificate does not open with its password");
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

  /// Nothing can be sent; with a certificate that is unfit, until a person has put it right.
  static final class NoClient extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    NoClient(String why) {
      super(why);
      this.why = why;
    }

    String why() {
      return why;
    }
  }
}
