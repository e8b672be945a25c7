package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The names under which clients may have signed, besides the `Host` that arrived. Clients behind
/// an API gateway or a proxy that rewrites `Host` sign a name that the server never sees.
///
/// Trying several is safe: each is a full check of the signature.
public record PublicHosts(List<String> names) {
  /// Bounds the work that one bad signature can cause.
  public static final int MAX_NAMES = 16;

  /// The hosts of the two editions.
  public static final PublicHosts VENDOR =
      new PublicHosts(List.of("billing.tencentcloudapi.com", "billing.intl.tencentcloudapi.com"));

  public PublicHosts {
    names = List.copyOf(names);
    require(names.size() <= MAX_NAMES, "at most %d public host names", MAX_NAMES);
    require(names.stream().noneMatch(String::isBlank), "a public host name is not blank");
  }

  /// Whether `matches` holds for one of the candidates, the most likely first; stops there.
  ///
  /// @param received the `Host` header; `null` when there is none
  /// @param forwarded `X-Forwarded-Host` of a trusted proxy; `null` when there is none or when the
  ///   peer is not trusted
  boolean any(@Nullable String received, @Nullable String forwarded, Predicate<String> matches) {
    if (received != null && matches.test(received)) {
      return true;
    }
    Set<String> others = others(received, forwarded);
    if (received != null) {
      others.remove(received);
    }
    return others.stream().anyMatch(matches);
  }

  private Set<String> others(@Nullable String received, @Nullable String forwarded) {
    Set<String> others = new LinkedHashSet<>();
    if (received != null) {
      // Node signs without the port; Python and tccli may send the scheme in the Host header.
      others.add(withoutPort(received));
      String bare = withoutScheme(received);
      others.add(bare);
      others.add(withoutPort(bare));
    }
    if (forwarded != null) {
      // Of a chain of proxies the first name is the one that the client used.
      int comma = forwarded.indexOf(',');
      String first = (comma < 0 ? forwarded : forwarded.substring(0, comma)).strip();
      if (!first.isEmpty()) {
        others.add(first);
        others.add(withoutPort(first));
      }
    }
    others.addAll(names);
    return others;
  }

  private static String withoutScheme(String host) {
    if (host.regionMatches(true, 0, "http://", 0, 7)) {
      return host.substring(7);
    }
    if (host.regionMatches(true, 0, "https://", 0, 8)) {
      return host.substring(8);
    }
    return host;
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    if (colon < 0 || colon == host.length() - 1) {
      return host;
    }
    for (int i = colon + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return host; // a piece of an IPv6 address, or a scheme
      }
    }
    return host.substring(0, colon);
  }
}
