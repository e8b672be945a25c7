package io.yunfu.server.http;

import io.yunfu.server.config.AddressRanges;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What proxies say about the client, believed from trusted ones alone.
final class Forwarding {
  private static final Set<String> NAMES =
      caseless("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto");

  private final AddressRanges trusted;

  Forwarding(AddressRanges trusted) {
    this.trusted = trusted;
  }

  /// The request as the client sent it to the outermost trusted proxy.
  Request seenThrough(Request request) {
    if (!trusted.contains(request.remoteAddress())) {
      return request.headers().list().stream().anyMatch(field -> NAMES.contains(field.name()))
          ? with(
              request, withoutClaims(request.headers()), request.remoteAddress(), request.secure())
          : request;
    }
    boolean secure =
        request
            .headers()
            .first("X-Forwarded-Proto")
            .map(scheme -> scheme.strip().equalsIgnoreCase("https"))
            .orElse(request.secure());
    return with(request, request.headers(), client(request), secure);
  }

  /// From the nearest to the farthest, the first that is not itself trusted: what stands before it
  /// was written by somebody we do not know. The same holds before what is no address.
  private String client(Request request) {
    List<String> path =
        request.headers().all("X-Forwarded-For").stream()
            .flatMap(value -> List.of(value.split(",", -1)).stream())
            .map(Forwarding::address)
            .toList();
    String client = request.remoteAddress();
    for (String address : path.reversed()) {
      if (!isAddress(address)) {
        break;
      }
      client = address;
      if (!trusted.contains(address)) {
        break;
      }
    }
    return client;
  }

  /// The address of `1.2.3.4`, `1.2.3.4:5678`, `::1` and `[::1]:5678`.
  private static String address(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[")) {
      int end = stripped.indexOf(']');
      return end < 0 ? stripped : stripped.substring(1, end);
    }
    int colon = stripped.indexOf(':');
    return colon >= 0 && stripped.indexOf(':', colon + 1) < 0
        ? stripped.substring(0, colon)
        : stripped;
  }

  private static boolean isAddress(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Headers withoutClaims(Headers headers) {
    return new Headers(
        headers.list().stream().filter(field -> !NAMES.contains(field.name())).toList());
  }

  private static Request with(Request request, Headers headers, String address, boolean secure) {
    return new Request(
        request.method(),
        request.path(),
        request.query(),
        headers,
        request.body(),
        request.oversized(),
        address,
        secure);
  }

  private static Set<String> caseless(String... names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(List.of(names));
    return set;
  }
}
