package io.yunfu.server.config;

import static io.yunfu.kernel.Check.require;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// A set of internet addresses, written as single addresses and ranges: `10.0.0.0/8`, `::1`. Names
/// are refused, since a set that depends on the name service is no fence.
public record AddressRanges(List<Range> ranges) {
  public static final AddressRanges NONE = new AddressRanges(List.of());

  public AddressRanges {
    ranges = List.copyOf(ranges);
  }

  /// Reads the literals.
  ///
  /// @throws IllegalArgumentException when one of the texts is no address or range
  public static AddressRanges parse(List<String> texts) {
    return new AddressRanges(texts.stream().map(Range::parse).toList());
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /// Whether a literal address is one of these. What is no literal address is not.
  public boolean contains(String address) {
    if (ranges.isEmpty()) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    return ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  @Override
  public String toString() {
    return String.join(", ", ranges.stream().map(Range::text).toList());
  }

  /// All addresses that share the first `prefix` bits; IPv4 as 4 bytes, also where it came mapped
  /// into IPv6.
  public record Range(String text, List<Byte> network, int prefix) {
    static Range parse(String text) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      byte[] bytes;
      try {
        bytes = InetAddress.ofLiteral(address).getAddress();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is neither an address nor a range such as 10.0.0.0/8", e);
      }
      int prefix = bytes.length * 8;
      if (slash >= 0) {
        String length = text.substring(slash + 1);
        require(length.matches("\\d{1,3}"), "'%s' has no length after the slash", text);
        prefix = Integer.parseInt(length);
        require(prefix <= bytes.length * 8, "'%s' has more bits than an address", text);
      }
      return new Range(text, boxed(bytes), prefix);
    }

    boolean contains(byte[] address) {
      if (address.length != network.size()) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (network.get(bit / 8) & mask)) {
          return false;
        }
      }
      return true;
    }

    private static List<Byte> boxed(byte[] bytes) {
      Byte[] boxed = new Byte[bytes.length];
      Arrays.setAll(boxed, i -> bytes[i]);
      return List.of(boxed);
    }
  }
}
