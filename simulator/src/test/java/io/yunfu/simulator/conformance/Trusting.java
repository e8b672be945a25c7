package io.yunfu.simulator.conformance;

import io.yunfu.simulator.Sandbox;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Lets this whole JVM trust a simulator, for client libraries that take no trust store; puts
/// things back at the end.
final class Trusting implements AutoCloseable {
  private static final String STORE = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

  private final @Nullable String store = System.getProperty(STORE);
  private final @Nullable String password = System.getProperty(PASSWORD);
  private final SSLSocketFactory connections = HttpsURLConnection.getDefaultSSLSocketFactory();

  /// @param directory where the store is written
  Trusting(Sandbox sandbox, Path directory) {
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      sandbox.trustStore().store(out, "trusted".toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    System.setProperty(STORE, file.toString());
    System.setProperty(PASSWORD, "trusted");
    HttpsURLConnection.setDefaultSSLSocketFactory(factory(sandbox));
  }

  private static SSLSocketFactory factory(Sandbox sandbox) {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(sandbox.trustStore());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    HttpsURLConnection.setDefaultSSLSocketFactory(connections);
    restore(PASSWORD, password);
    restore(STORE, store);
  }

  private static void restore(String name, @Nullable String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
