package io.yunfu.wire.tc3;

import org.jspecify.annotations.Nullable;

/// The language of `Error.Message`. Codes are the same in both.
public enum Language {
  ENGLISH("en-US"),
  CHINESE("zh-CN");

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  /// As clients write it: `en-US`, `zh-CN`.
  public String tag() {
    return tag;
  }

  /// The value of `X-TC-Language` or `Language`. Absent, empty and everything else than `zh-CN` is
  /// English: clients that send nothing have been seen to get English.
  public static Language of(@Nullable String tag) {
    return tag != null && tag.strip().equalsIgnoreCase(CHINESE.tag) ? CHINESE : ENGLISH;
  }

  /// The language to answer in while the request is not decoded yet. Never throws: the answer to a
  /// broken request needs a language, too.
  public static Language of(HeaderLookup headers) {
    var values = headers.all(Common.LANGUAGE.header);
    return of(values.isEmpty() ? null : values.getFirst());
  }
}
