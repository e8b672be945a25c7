package io.yunfu.simulator.wechat;

import java.util.Locale;

/// How an order is paid; named as on the wire. What a sub-merchant may use is named the same, in
/// small letters.
enum TradeType {
  JSAPI,
  NATIVE,
  APP,
  MWEB,
  MICROPAY;

  String permission() {
    return name().toLowerCase(Locale.ROOT);
  }
}
