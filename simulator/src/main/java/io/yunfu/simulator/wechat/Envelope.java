package io.yunfu.simulator.wechat;

import io.yunfu.simulator.fault.Effect;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Puts a signature on fields, the right one or the one that a fault asks for.
final class Envelope {
  /// Of the right length, and of nobody.
  private static final String OTHER_KEY = "NOBODYSKEY0000000000000000000000";

  private Envelope() {}

  static Map<String, String> signed(
      Map<String, String> fields, SignType type, String key, Optional<Effect.SignFault> fault) {
    Map<String, String> signed = new LinkedHashMap<>(fields);
    String text = SignType.text(fields);
    if (fault.isEmpty()) {
      signed.put("sign", type.sign(text, key));
      return signed;
    }
    switch (fault.get()) {
      case BAD -> signed.put("sign", type.sign(text + "&x=y", key));
      case MISSING -> {}
      case OTHER_ALG -> signed.put("sign", type.other().sign(text, key));
      case OTHER_KEY -> signed.put("sign", type.sign(text, OTHER_KEY));
      case LOWER_CASE -> signed.put("sign", type.sign(text, key).toLowerCase(Locale.ROOT));
    }
    return signed;
  }

  /// The same for a notice.
  static Map<String, String> signedNotice(
      Map<String, String> fields,
      SignType type,
      String key,
      Optional<Effect.NotifySignFault> fault) {
    if (fault.isEmpty()) {
      return signed(fields, type, key, Optional.empty());
    }
    return switch (fault.get()) {
      case BAD -> signed(fields, type, key, Optional.of(Effect.SignFault.BAD));
      case MISSING -> signed(fields, type, key, Optional.of(Effect.SignFault.MISSING));
      case STALE_KEY -> signed(fields, type, key, Optional.of(Effect.SignFault.OTHER_KEY));
      case MD5_FOR_HMAC_ORDER -> signed(fields, noticeType(type, fault), key, Optional.empty());
    };
  }

  /// How the notice of an order is signed.
  ///
  /// @param ordered how the order was signed
  static SignType noticeType(SignType ordered, Optional<Effect.NotifySignFault> fault) {
    return fault.filter(Effect.NotifySignFault.MD5_FOR_HMAC_ORDER::equals).isPresent()
        ? SignType.MD5
        : ordered;
  }
}
