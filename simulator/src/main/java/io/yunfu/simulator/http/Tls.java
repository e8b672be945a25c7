package io.yunfu.simulator.http;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/// TLS 1.2 and 1.3 with a certificate of the simulator's authority. Clients are asked for theirs
/// and let in with any or none: whether it is the right one is the channel's to say, in its own
/// words and only where it needs one. A broken handshake would say nothing.
final class Tls extends SslContextFactory.Server {
  /// Of a key store that lives in memory alone: it protects nothing, but the engine asks for one.
  private static final String IN_MEMORY = "in memory";

  private final X509Certificate authority;

  Tls(Credentials credentials, String host) {
    this.authority = credentials.authority().certificate();
    List<String> hosts = Stream.of("localhost", "127.0.0.1", "::1", host).distinct().toList();
    setKeyStore(credentials.authority().server("localhost", hosts).keyStore(IN_MEMORY));
    setKeyStorePassword(IN_MEMORY);
    setIncludeProtocols("TLSv1.3", "TLSv1.2");
    setRenegotiationAllowed(false);
    setSniRequired(false);
    setWantClientAuth(true);
  }

  @Override
  protected TrustManager[] getTrustManagers(
      @Nullable KeyStore trustStore, @Nullable Collection<? extends CRL> revoked) {
    return new TrustManager[] {new Anybody(authority)};
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    private final X509Certificate authority;

    Anybody(X509Certificate authority) {
      this.authority = authority;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException("this is a server");
    }

    /// Tells clients which of their certificates to show.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {authority};
    }
  }
}
