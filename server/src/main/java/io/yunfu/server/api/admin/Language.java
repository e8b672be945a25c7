package io.yunfu.server.api.admin;

import io.yunfu.server.http.Headers;
import java.util.Locale;

/// The language of messages; codes are the same in both.
enum Language {
  ENGLISH,
  CHINESE;

  /// The first of the two in `Accept-Language`, in the order written: clients write what they like
  /// best first. English when it names neither.
  static Language of(Headers headers) {
    for (String value : headers.all("Accept-Language")) {
      for (String range : value.split(",", -1)) {
        String tag = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (tag.equals("zh") || tag.startsWith("zh-")) {
          return CHINESE;
        }
        if (tag.equals("en") || tag.startsWith("en-")) {
          return ENGLISH;
        }
      }
    }
    return ENGLISH;
  }
}
