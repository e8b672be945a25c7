package io.yunfu.gateway.payment;

import tools.jackson.databind.json.JsonMapper;

/// Records that are kept as JSON in a column: what nothing is looked up or decided by.
final class Documents {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Documents() {}

  static String write(Object document) {
    return JSON.writeValueAsString(document);
  }

  static <T> T read(String text, Class<T> type) {
    return JSON.readValue(text, type);
  }
}
