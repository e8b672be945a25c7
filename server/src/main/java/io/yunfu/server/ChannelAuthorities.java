package io.yunfu.server;

import io.yunfu.server.config.ConfigurationInvalid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Whom we believe who a channel is: those that the Java machine believes, and those of a file.
final class ChannelAuthorities {
  private ChannelAuthorities() {}

  /// Reads them.
  ///
  /// @param file certificates in PEM
  /// @throws ConfigurationInvalid when it cannot be read, or holds none
  static KeyStore with(Path file) {
    try {
      KeyStore all = KeyStore.getInstance("PKCS12");
      all.load(null, null);
      for (Certificate certificate : certificates(file)) {
        all.setCertificateEntry("file-" + all.size(), certificate);
      }
      for (Certificate certificate : ofTheJavaMachine()) {
        all.setCertificateEntry("java-" + all.size(), certificate);
      }
      return all;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory failed", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw unfit(file, "holds no certificate");
      }
      return found;
    } catch (NoSuchFileException e) {
      throw unfit(file, "is not there");
    } catch (IOException e) {
      throw unfit(file, "cannot be read: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw unfit(file, "is no list of certificates in PEM");
    }
  }

  private static ConfigurationInvalid unfit(Path file, String why) {
    return new ConfigurationInvalid(
        List.of("gateway.root-certificates: %s %s".formatted(file, why)));
  }

  private static List<? extends Certificate> ofTheJavaMachine() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        return List.of(known.getAcceptedIssuers());
      }
    }
    return List.of();
  }
}
