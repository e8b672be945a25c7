package io.yunfu.simulator.alipay;

import io.yunfu.simulator.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a call is answered with, before it is written and signed. Its fields stand in the node in
/// their order, after `code` and `msg`; they are texts, lists and maps.
sealed interface OpenAnswer {
  /// It was done, or begun.
  ///
  /// @param code 10000 or 10003
  record Done(OpenCode code, Map<String, Object> fields) implements OpenAnswer {
    public Done {
      fields = new LinkedHashMap<>(fields);
    }

    static Done of(Map<String, Object> fields) {
      return new Done(OpenCode.SUCCESS, fields);
    }
  }

  /// It was not done.
  ///
  /// @param fields a few calls say more than why
  record Refused(Refusal why, Map<String, Object> fields) implements OpenAnswer {
    public Refused {
      fields = new LinkedHashMap<>(fields);
    }

    static Refused of(Refusal why) {
      return new Refused(why, Map.of());
    }

    static Refused of(Reason why) {
      return of(why.refusal());
    }
  }

  /// For the record of requests: `OK`, or why not.
  default String verdict() {
    return switch (this) {
      case Done done -> "OK";
      case Refused(var why, var fields) -> why.subCode();
    };
  }

  /// The members of the node.
  default Map<String, Object> node() {
    Map<String, Object> node = new LinkedHashMap<>();
    switch (this) {
      case Done(var code, var fields) -> {
        node.put("code", code.number());
        node.put("msg", code.message());
        node.putAll(fields);
      }
      case Refused(var why, var fields) -> {
        node.put("code", why.code().number());
        node.put("msg", why.code().message());
        node.put("sub_code", why.subCode());
        node.put("sub_msg", why.text());
        node.putAll(fields);
      }
    }
    return node;
  }

  /// The text of a node, which is what gets signed. A slash stands only inside texts of JSON, so
  /// that escaping is one replacement; the channel escapes it, as PHP does.
  static String text(Map<String, Object> node, boolean escapeSlashes) {
    String text = Json.text(node);
    return escapeSlashes ? text.replace("/", "\\/") : text;
  }

  /// The whole answer.
  ///
  /// @param name of the node, such as `alipay_trade_create_response`
  /// @param node its text, untouched
  /// @param certificate the number of the certificate that fits the signature, in that mode
  /// @param sign none: the answer stays unsigned
  static String envelope(
      String name, String node, Optional<String> certificate, Optional<String> sign) {
    var text = new StringBuilder("{\"").append(name).append("\":").append(node);
    certificate.ifPresent(sn -> text.append(",\"alipay_cert_sn\":\"").append(sn).append('"'));
    sign.ifPresent(base64 -> text.append(",\"sign\":\"").append(base64).append('"'));
    return text.append('}').toString();
  }
}
