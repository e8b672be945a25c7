package io.yunfu.server.http;

import io.yunfu.server.config.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS 1.2 and 1.3 with the operator's certificate, which is looked at again and again: a renewed
/// one is taken for new connections without a restart, a broken one is logged and not taken.
final class Tls {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  /// Of a key store that lives in memory alone: it protects nothing, but the engine asks for one.
  private static final String IN_MEMORY = "in memory";

  private final Path certificateFile;
  private final Path keyFile;
  private final Duration interval;
  private final SslContextFactory.Server engine = new SslContextFactory.Server();
  private byte[] seenCertificate = {};
  private byte[] seenKey = {};
  private volatile Instant expires = Instant.EPOCH;
  private @Nullable Thread looking;

  /// Loads the certificate.
  ///
  /// @throws CertificateInvalid at the start there is no old one to go on with
  Tls(Configuration.Https settings) throws CertificateInvalid {
    this.certificateFile = settings.certificateFile().orElseThrow();
    this.keyFile = settings.keyFile().orElseThrow();
    this.interval = settings.reloadInterval();
    engine.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    engine.setRenegotiationAllowed(false);
    engine.setSniRequired(false); // clients may come by address
    use(load());
  }

  SslConnectionFactory before(HttpConnectionFactory http) {
    var factory = new SslConnectionFactory(engine, http.getProtocol());
    // It would compare `Host` with the name in the handshake, and clients write much into `Host`.
    factory.setEnsureSecureRequestCustomizer(false);
    return factory;
  }

  /// When the certificate in use ends.
  Instant expires() {
    return expires;
  }

  void start() {
    looking = Thread.ofVirtual().name("certificate").start(this::look);
  }

  void stop() {
    Thread thread = looking;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(interval);
        try {
          if (changed()) {
            reload(load());
          }
        } catch (CertificateInvalid e) {
          LOG.error("the new certificate is not taken, the old one stays: {}", e.getMessage());
        } catch (Exception e) { // whatever the engine throws; the next change may be better
          LOG.error("the new certificate is not taken, the old one stays", e);
        }
      }
    } catch (InterruptedException e) {
      // stopped
    }
  }

  /// Compares contents, since a symbolic link that is turned over keeps every date. What was seen
  /// once is not tried again: one broken file is one line in the log.
  private boolean changed() {
    try {
      return !Arrays.equals(seenCertificate, ServerCertificate.read(certificateFile))
          || !Arrays.equals(seenKey, ServerCertificate.read(keyFile));
    } catch (CertificateInvalid e) {
      return false; // half-way through a replacement, or gone: the old one stays
    }
  }

  private ServerCertificate load() throws CertificateInvalid {
    seenCertificate = ServerCertificate.read(certificateFile);
    seenKey = ServerCertificate.read(keyFile);
    return ServerCertificate.of(certificateFile, seenCertificate, keyFile, seenKey);
  }

  private void reload(ServerCertificate certificate) throws Exception {
    engine.reload(_ -> use(certificate));
  }

  private void use(ServerCertificate certificate) {
    engine.setKeyStore(certificate.keyStore(IN_MEMORY));
    engine.setKeyStorePassword(IN_MEMORY);
    expires = certificate.own().getNotAfter().toInstant();
    String subject = certificate.own().getSubjectX500Principal().getName();
    if (expires.isBefore(Instant.now())) {
      LOG.warn("the certificate of {} has expired: its end was {}", subject, expires);
    } else {
      LOG.info("the certificate of {} is in use; it ends {}", subject, expires);
    }
  }
}
