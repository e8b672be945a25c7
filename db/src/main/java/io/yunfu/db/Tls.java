package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How the way to PostgreSQL is protected. The modes are those of libpq, section "SSL Support".
///
/// @param rootCertificate whom we trust (PEM); null: the JDK's list for the verifying modes
/// @param clientCertificate our own certificate (PEM), where the server asks for one
/// @param clientKey its key: PKCS-8 in DER (`.pk8`), or PKCS-12 (`.p12`)
/// @param clientKeyPassword never printed
public record Tls(
    Mode mode,
    @Nullable Path rootCertificate,
    @Nullable Path clientCertificate,
    @Nullable Path clientKey,
    @Nullable String clientKeyPassword) {

  public static final Tls DISABLED = new Tls(Mode.DISABLE, null, null, null, null);

  public Tls {
    require(
        !mode.verifies() || rootCertificate != null || clientCertificate == null,
        "a certificate of our own needs the root certificate in mode %s",
        mode.wire);
  }

  /// TLS where the server offers it, without looking at its certificate.
  public static final Tls PREFERRED = new Tls(Mode.PREFER, null, null, null, null);

  public enum Mode {
    DISABLE("disable"),
    PREFER("prefer"),
    REQUIRE("require"),
    VERIFY_CA("verify-ca"),
    VERIFY_FULL("verify-full");

    private final String wire;

    Mode(String wire) {
      this.wire = wire;
    }

    /// Whether the server's certificate is looked at.
    public boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }

    /// As libpq and pgjdbc spell it.
    public String wire() {
      return wire;
    }
  }

  @Override
  public String toString() {
    return "Tls[%s]".formatted(mode.wire);
  }
}
