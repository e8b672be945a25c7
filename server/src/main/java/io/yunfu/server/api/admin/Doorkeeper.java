package io.yunfu.server.api.admin;

import io.yunfu.kernel.Secret;
import io.yunfu.operator.AdminTokens;
import io.yunfu.server.http.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Lets operators in: by the token of the configuration, or by one of the directory. Tokens are
/// compared in constant time, and who guesses is made to wait.
public final class Doorkeeper {
  static final String CHALLENGE = "Bearer realm=\"yunfu admin\"";

  /// The operator's name when the configured token was shown. No name of a token in the directory
  /// has parentheses.
  static final String CONFIGURED = "(admin.token)";

  /// Wrong tokens from one address within [#WINDOW]; the next one is not even looked at. A person
  /// makes fewer; a token of the directory has 256 random bits, but a configured one may be short.
  static final int MOST_FAILURES = 20;

  static final Duration WINDOW = Duration.ofMinutes(1);

  /// Addresses that are remembered; the one that failed longest ago is forgotten first.
  private static final int MOST_ADDRESSES = 10_000;

  private final Optional<Secret> configured;
  private final AdminTokens tokens;
  private final LongSupplier nanos;

  private final Map<String, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /// @param since in terms of the clock
  private record Failures(long since, int count) {}

  /// @param nanos a clock that never goes back
  public Doorkeeper(Optional<Secret> configured, AdminTokens tokens, LongSupplier nanos) {
    this.configured = configured;
    this.tokens = tokens;
    this.nanos = nanos;
  }

  /// Whose token a request shows.
  ///
  /// @throws Refused when it shows none, or a wrong one
  String admit(Request request) {
    String address = request.remoteAddress();
    requirePatience(address);
    List<String> shown = request.headers().all("Authorization");
    if (shown.size() != 1 || !shown.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw Errors.UNAUTHORIZED.with();
    }
    String token = shown.getFirst().substring(7).strip();
    return nameOf(token)
        .orElseThrow(() -> {
          remember(address);
          return Errors.UNAUTHORIZED.with();
        });
  }

  private Optional<String> nameOf(String token) {
    return configured.filter(secret -> secret.matches(token)).isPresent()
        ? Optional.of(CONFIGURED)
        : tokens.nameOf(token);
  }

  private synchronized void requirePatience(String address) {
    Failures seen = failures.get(address);
    if (seen != null && seen.count >= MOST_FAILURES) {
      if (nanos.getAsLong() - seen.since < WINDOW.toNanos()) {
        throw Errors.TOO_MANY_FAILURES.with();
      }
      failures.remove(address);
    }
  }

  private synchronized void remember(String address) {
    long now = nanos.getAsLong();
    Failures seen = failures.remove(address);
    failures.put(
        address,
        seen == null || now - seen.since >= WINDOW.toNanos()
            ? new Failures(now, 1)
            : new Failures(seen.since, seen.count + 1));
  }
}
