package io.yunfu.billing.product;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/// Whoever makes the resources of some products, behind a URL.
///
/// @param maxAttempts after so many a delivery counts as failed
/// @param active false while nothing is sent to it
public record Provider(
    String name, URI url, Duration timeout, int maxAttempts, boolean active, Instant createdAt) {
  public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  public static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
  public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);
  public static final int MOST_ATTEMPTS = 100;

  /// For what a provider's secret is sealed, see [io.yunfu.operator.MasterKey#seal].
  public static String sealedFor(String name) {
    return "provider/" + name;
  }
}
