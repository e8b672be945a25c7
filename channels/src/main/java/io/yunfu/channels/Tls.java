package io.yunfu.channels;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/// Who we are and whom we believe, for all calls that show the same certificate. Protocols, cipher
/// suites and the name of the host in the greeting are up to the JDK, as its administrator has set
/// it; the host must be the one that its certificate names.
final class Tls extends SslContextFactory.Client {
  private final SSLContext context;

  /// @param keys what we show when the channel asks who we are
  /// @param authorities empty: those of the JDK
  Tls(KeyManager @Nullable [] keys, Optional<KeyStore> authorities)
      throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities.orElse(null));
    context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    setSslContext(context);
  }

  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    SSLParameters rules = engine.getSSLParameters();
    rules.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(rules);
    return engine;
  }
}
