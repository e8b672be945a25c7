package io.yunfu.simulator.alipay;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// The character sets that a call may name in `charset`. It says how the percent-encoded bytes are
/// read, which bytes are signed, and in what the answer is written.
enum OpenCharset {
  UTF_8(StandardCharsets.UTF_8, "utf-8"),
  GBK(Charset.forName("GBK"), "gbk");

  private final Charset charset;
  private final String spelling;

  OpenCharset(Charset charset, String spelling) {
    this.charset = charset;
    this.spelling = spelling;
  }

  /// Empty for what is none of them; upper and lower case are the same.
  static Optional<OpenCharset> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "utf-8", "utf8" -> Optional.of(UTF_8);
      case "gbk", "gb2312" -> Optional.of(GBK); // the second is a part of the first
      default -> Optional.empty();
    };
  }

  Charset charset() {
    return charset;
  }

  byte[] bytes(String text) {
    return text.getBytes(charset);
  }

  /// As it stands in a notice and in a content type.
  String spelling() {
    return spelling;
  }
}
