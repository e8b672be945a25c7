package io.yunfu.channels.alipay;

import io.yunfu.kernel.PrivateAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// From where bills are fetched. Alipay says where a bill is; what it says is followed only to
/// Alipay, over https, and never to a private address, so that nobody can make this server call
/// something in its own network. Source: `channels.md` section 9 (S21).
///
/// @param domains these, and every name below
/// @param allowOthers whether any host will do, over http too: for the simulator
public record BillHosts(List<String> domains, boolean allowOthers) {
  /// Alipay's own.
  public static final BillHosts CHANNEL =
      new BillHosts(List.of("alipay.com", "alipaydev.com"), false);

  /// All that there are.
  public static final BillHosts ANY = new BillHosts(List.of(), true);

  public BillHosts {
    domains = List.copyOf(domains);
  }

  /// Why a bill is not fetched from here; empty when it may be. Asks for the host's addresses only
  /// when its name is one of ours.
  Optional<String> refusal(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    boolean plain = "http".equals(uri.getScheme());
    if (host.isEmpty() || uri.getRawUserInfo() != null) {
      return Optional.of("the bill's address has no plain host");
    }
    if (!"https".equals(uri.getScheme()) && !(plain && allowOthers)) {
      return Optional.of("the bill is not served over https");
    }
    if (allowOthers) {
      return Optional.empty();
    }
    boolean ours = domains.stream().anyMatch(one -> host.equals(one) || host.endsWith("." + one));
    if (!ours) {
      return Optional.of("the bill is not at Alipay's");
    }
    try {
      return Stream.of(InetAddress.getAllByName(host)).anyMatch(PrivateAddresses::isPrivate)
          ? Optional.of("the bill is at a private address")
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty(); // then it cannot be called either
    }
  }
}
