package io.yunfu.simulator.alipay;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parameters of one call, from the query and the body together. The SDKs put what all calls
/// have in common into the query and `biz_content` into the body; a GET has all in the query.
///
/// @param charset the one that the call names; without a valid one, UTF-8
/// @param charsetNamed the parameter as it came, if it came
/// @param parameters decoded, in the order of arrival; of two with one name the first counts, and
///   the query comes before the body, as in a servlet
record OpenCall(
    OpenCharset charset, Optional<String> charsetNamed, Map<String, String> parameters) {
  OpenCall {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /// @param query as it stands in the request line, if there is one
  /// @param body the form; bytes above 127 are taken as they are
  static OpenCall of(@Nullable String query, byte[] body) {
    // One character per byte, so that the character set can still be chosen.
    String form = new String(body, StandardCharsets.ISO_8859_1);
    Optional<String> named =
        merged(query, form, OpenCharset.UTF_8).entrySet().stream()
            .filter(each -> each.getKey().equals("charset") && !each.getValue().isEmpty())
            .map(Map.Entry::getValue)
            .findFirst();
    OpenCharset charset = named.flatMap(OpenCharset::named).orElse(OpenCharset.UTF_8);
    String readable = new String(body, charset.charset());
    return new OpenCall(charset, named, merged(query, readable, charset));
  }

  private static Map<String, String> merged(
      @Nullable String query, String form, OpenCharset charset) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String text : new String[] {query == null ? "" : query, form.strip()}) {
      for (FormText.Pair pair : FormText.read(text, charset.charset())) {
        all.putIfAbsent(pair.name(), pair.value());
      }
    }
    return all;
  }

  /// The value; an empty one is none.
  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }
}
