package io.yunfu.simulator.wechat;

import io.yunfu.simulator.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The fields of one request, with the rules on their form. A field that is empty counts as not
/// there.
///
/// @param fields as they arrived
record Parameters(Map<String, String> fields) {
  /// Source: channels.md, section 1.1.
  private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_\\-|*]{6,32}");

  /// A refund's may be longer.
  private static final Pattern REFUND_NUMBER = Pattern.compile("[0-9A-Za-z_\\-|*@]{1,64}");

  private static final Pattern FEE = Pattern.compile("[1-9][0-9]{0,9}");

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]{0,4}(:[0-9a-fA-F.]{0,15}){2,7}");

  /// Fields that differ between two submissions of the same wish.
  private static final Set<String> NO_CONTENT = Set.of("nonce_str", "sign", "sign_type");

  Optional<String> optional(String name) {
    String value = text(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  String text(String name) {
    return fields.getOrDefault(name, "");
  }

  String need(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      throw Refused.missing(name);
    }
    return value;
  }

  /// A text of so many characters at most.
  String need(String name, int most) {
    return within(name, need(name), most);
  }

  Optional<String> optional(String name, int most) {
    String value = text(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(within(name, value, most));
  }

  /// One of these, if it is there.
  void among(String name, String... allowed) {
    String value = text(name);
    if (!value.isEmpty() && !List.of(allowed).contains(value)) {
      throw Refused.wrong(name);
    }
  }

  String number() {
    String number = need("out_trade_no");
    if (!NUMBER.matcher(number).matches()) {
      throw Refused.wrong("out_trade_no");
    }
    return number;
  }

  String refundNumber() {
    String number = need("out_refund_no");
    if (!REFUND_NUMBER.matcher(number).matches()) {
      throw Refused.wrong("out_refund_no");
    }
    return number;
  }

  /// A positive amount in fen.
  long fee(String name) {
    String text = need(name);
    if (!FEE.matcher(text).matches() || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw Refused.wrong(name);
    }
    return Long.parseLong(text);
  }

  void ip(String name) {
    String value = need(name, 64);
    if (!IPV4.matcher(value).matches() && !IPV6.matcher(value).matches()) {
      throw Refused.wrong(name);
    }
  }

  /// An absolute address without a query.
  Optional<String> address(String name) {
    return optional(name, 256)
        .map(value -> {
          try {
            var uri = java.net.URI.create(value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null) {
              return value;
            }
          } catch (IllegalArgumentException e) {
            throw Refused.wrong(name);
          }
          throw Refused.wrong(name);
        });
  }

  /// JSON, if it is there.
  void json(String name, int most) {
    String value = within(name, text(name), most);
    if (!value.isEmpty() && !Json.isObject(value)) {
      throw Refused.wrong(name);
    }
  }

  /// What a repeated request has to repeat.
  Map<String, String> content() {
    Map<String, String> content = HashMap.newHashMap(fields.size());
    fields.forEach((name, value) -> {
      if (!value.isEmpty() && !NO_CONTENT.contains(name)) {
        content.put(name, value);
      }
    });
    return content;
  }

  private static String within(String name, String value, int most) {
    if (value.codePointCount(0, value.length()) > most) {
      throw Refused.wrong(name);
    }
    return value;
  }
}
