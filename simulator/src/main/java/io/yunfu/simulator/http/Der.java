package io.yunfu.simulator.http;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// The few forms of DER (X.690) that a certificate is made of.
final class Der {
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, joined(parts));
  }

  static byte[] sequence(List<byte[]> parts) {
    return sequence(parts.toArray(byte[][]::new));
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] bool(boolean value) {
    return tagged(0x01, new byte[] {(byte) (value ? 0xff : 0)});
  }

  static byte[] octets(byte[] content) {
    return tagged(0x04, content);
  }

  /// @param unused bits at the end that do not count
  static byte[] bits(byte[] content, int unused) {
    return tagged(0x03, joined(new byte[] {(byte) unused}, content));
  }

  static byte[] none() {
    return tagged(0x05, new byte[0]);
  }

  /// Years from 2050 on would need this form in a certificate anyway; before, RFC 5280 wants the
  /// short one, which is the same without the century.
  static byte[] time(Instant at) {
    String text = GENERALIZED.format(at);
    boolean utc = text.compareTo("2050") < 0;
    return tagged(
        utc ? 0x17 : 0x18, (utc ? text.substring(2) : text).getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] oid(String dotted) {
    List<Long> arcs = new ArrayList<>();
    for (String arc : dotted.split("\\.", -1)) {
      arcs.add(Long.parseLong(arc));
    }
    var content = new ByteArrayOutputStream();
    content.write((int) (arcs.get(0) * 40 + arcs.get(1)));
    for (long arc : arcs.subList(2, arcs.size())) {
      int groups = Math.max(1, (64 - Long.numberOfLeadingZeros(arc) + 6) / 7);
      for (int i = groups - 1; i >= 0; i--) {
        content.write((int) (arc >>> (7 * i) & 0x7f) | (i > 0 ? 0x80 : 0));
      }
    }
    return tagged(0x06, content.toByteArray());
  }

  static byte[] tagged(int tag, byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length + 5);
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      bytes.write(0x80 | (length.length - from));
      bytes.write(length, from, length.length - from);
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
