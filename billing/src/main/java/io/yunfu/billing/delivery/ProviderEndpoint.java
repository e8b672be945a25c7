package io.yunfu.billing.delivery;

import java.net.URI;
import java.time.Duration;

/// An HTTP provider, as it is called.
///
/// @param secret the key of our signature; its UTF-8 bytes are the key of the HMAC. Never printed.
/// @param timeout for a whole call, from looking up the name to the last byte of the answer
/// @param maxAttempts after so many calls in a row without a definite answer, a delivery fails
/// @param active false while the operator has paused it: its deals wait
public record ProviderEndpoint(
    String name, URI url, String secret, Duration timeout, int maxAttempts, boolean active) {

  @Override
  public String toString() {
    return "ProviderEndpoint[" + name + "]";
  }
}
