package io.yunfu.channels.wechat;

import static io.yunfu.kernel.Check.require;

import io.yunfu.channels.Operation;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Where WeChat Pay is. Source: `channels.md` section 2.1.
///
/// @param second asked when the first cannot be reached, and for a question that was not answered;
///   off by default (O-10)
public record Hosts(URI first, Optional<URI> second) {
  /// The channel itself.
  public static final Hosts CHANNEL =
      new Hosts(URI.create("https://api.mch.weixin.qq.com"), Optional.empty());

  /// The channel itself, at two addresses.
  public static final Hosts CHANNEL_WITH_FAILOVER =
      new Hosts(
          URI.create("https://api.mch.weixin.qq.com"),
          Optional.of(URI.create("https://api2.mch.weixin.qq.com")));

  public Hosts {
    needHost(first);
    second.ifPresent(Hosts::needHost);
  }

  /// In the order in which they are to be tried.
  ///
  /// @param repetition 0 for the first time; a question that is repeated begins with the other one
  List<URI> targets(Operation operation, int repetition) {
    URI one = first.resolve(Paths.of(operation));
    if (second.isEmpty()) {
      return List.of(one);
    }
    URI other = second.get().resolve(Paths.of(operation));
    return repetition % 2 == 0 ? List.of(one, other) : List.of(other, one);
  }

  private static void needHost(URI uri) {
    require(
        ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
            && uri.getHost() != null
            && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawUserInfo() == null,
        "a channel's address is a scheme, a host and perhaps a port");
  }
}
