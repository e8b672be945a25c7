package io.yunfu.billing.delivery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Which URLs a provider may have, and which addresses its name may lead to. An operator enters the
/// URL; the rules keep a slip, or a name that somebody else controls, from turning this server
/// against its own network.
public final class ProviderUrl {
  private static final int MAX_LENGTH = 2000;

  private ProviderUrl() {}

  /// What is wrong with a URL that an operator enters; empty when nothing is.
  public static Optional<String> objection(String url) {
    try {
      return url.length() > MAX_LENGTH
          ? Optional.of("a provider's URL has at most " + MAX_LENGTH + " characters")
          : objection(new URI(url));
    } catch (URISyntaxException e) {
      return Optional.of("this is no URL"); // the text itself may hold a password
    }
  }

  static Optional<String> objection(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return Optional.of("a provider's URL begins with https:// or http://");
    }
    if (url.getRawUserInfo() != null
        || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
      return Optional.of("a provider's URL holds no user and no password");
    }
    if (url.getHost() == null || url.getHost().isEmpty()) {
      return Optional.of("a provider's URL names a host");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      return Optional.of("a provider's URL has a port from 1 to 65535");
    }
    if (url.getRawFragment() != null) {
      return Optional.of("a provider's URL has no fragment");
    }
    return Optional.empty();
  }
}
