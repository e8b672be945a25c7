package io.yunfu.gateway.payment;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import tools.jackson.databind.json.JsonMapper;

/// Records that are kept as JSON in a column: what nothing is looked up or decided by. What is
/// absent is left out.
final class Documents {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(all -> all.withValueInclusion(NON_ABSENT))
          .build();

  private Documents() {}

  static String write(Object document) {
    return JSON.writeValueAsString(document);
  }

  static <T> T read(String text, Class<T> type) {
    return JSON.readValue(text, type);
  }
}
