package io.yunfu.server.config;

import java.util.Locale;

/// One key as it is declared: what the page of all keys shows, and what the defaults' test pins.
///
/// @param name as the file spells it; a part in braces stands for what the operator names
/// @param kind what values look like, with the unit
/// @param byDefault the default as one would write it; empty when there is none
/// @param doc one or two sentences
record Key(String name, String kind, String byDefault, String doc) {
  /// How the environment spells it: `pay.delivery-wait` is `YUNFU_PAY_DELIVERY_WAIT`.
  String variable() {
    int free = name.indexOf('{');
    return free < 0
        ? variable(name)
        : variable(name.substring(0, free)) + name.substring(free).replace('.', '_');
  }

  static String variable(String name) {
    return Source.PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
