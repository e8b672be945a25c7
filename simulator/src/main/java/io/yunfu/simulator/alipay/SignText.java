package io.yunfu.simulator.alipay;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The text that a signature covers: `name=value`, joined by `&`, in the order of the names, values
/// neither encoded nor escaped, without those that are empty. Source: channels.md, section 4.1.
final class SignText {
  private SignText() {}

  /// Of a call: all but `sign`. The algorithm's name is covered.
  static String ofCall(Map<String, String> parameters) {
    return of(parameters, Set.of("sign"));
  }

  /// Of a notice about a trade: all but `sign` and `sign_type` (section 4.10).
  static String ofNotice(Map<String, String> parameters) {
    return of(parameters, Set.of("sign", "sign_type"));
  }

  private static String of(Map<String, String> parameters, Set<String> without) {
    return new TreeMap<>(parameters)
        .entrySet().stream()
            .filter(each -> !without.contains(each.getKey()) && !each.getValue().isEmpty())
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("&"));
  }
}
