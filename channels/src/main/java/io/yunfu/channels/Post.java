package io.yunfu.channels;

import static io.yunfu.kernel.Check.require;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// One request to a channel.
///
/// @param targets where it goes: the first one that can be connected to. Carry signatures and
///   tokens: never log them
/// @param certificate what we show when the channel asks who we are
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Post(
    List<URI> targets,
    String contentType,
    byte[] body,
    Optional<ClientCertificate> certificate,
    Deadline deadline) {
  public Post {
    targets = List.copyOf(targets);
    require(!targets.isEmpty(), "a request has a target");
  }

  /// Without what it says.
  @Override
  public String toString() {
    return "POST to " + targets.getFirst().getHost();
  }
}
