package io.yunfu.kernel;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Which addresses calls to the outside must not lead to, unless the operator allows it: a name
/// that somebody else controls must not turn this server against its own network.
public final class PrivateAddresses {
  private PrivateAddresses() {}

  /// Whether an address is one that only this machine or its own network can mean: loopback,
  /// private, link-local (where clouds keep their metadata), and what is not for single hosts.
  public static boolean isPrivate(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPrivate4(bytes);
      case Inet6Address _ -> isPrivate6(bytes);
      default -> true;
    };
  }

  private static boolean isPrivate4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    int third = bytes[2] & 0xff;
    return first == 0 // this network
        || first >= 240 // reserved, broadcast
        || (first == 100 && second >= 64 && second < 128) // carrier-grade NAT
        || (first == 192 && second == 0 && third == 0) // protocol assignments
        || (first == 198 && (second == 18 || second == 19)); // benchmarking
  }

  private static boolean isPrivate6(byte[] bytes) {
    if ((bytes[0] & 0xfe) == 0xfc) {
      return true; // unique local, fc00::/7
    }
    if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b)) {
      return embeds(bytes, 12); // NAT64
    }
    if (startsWith(bytes, 0x20, 0x02)) {
      return embeds(bytes, 2); // 6to4
    }
    boolean compatible = true;
    for (int i = 0; i < 12; i++) {
      compatible &= bytes[i] == 0;
    }
    return compatible; // IPv4-compatible, long deprecated
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean embeds(byte[] bytes, int from) {
    try {
      return isPrivate(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four bytes are an address
    }
  }
}
