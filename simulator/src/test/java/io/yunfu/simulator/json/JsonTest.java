package io.yunfu.simulator.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"{}", " {\"a\": {\"b\": [1, -2.5e3, null, true]}} ", "{\"a\":\"云\\u4e91\"}"})
  void an_object_is_one_whatever_it_holds(String text) {
    assertThat(Json.isObject(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "\"{}\"",
        "{",
        "{}}",
        "{}{}",
        "{} x",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":nul}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00zz\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":1,\"a\":2}",
        "{\"b\":{\"a\":1,\"a\":2}}",
        "{\"a\":[1}",
      })
  void what_is_not_one_object_and_nothing_else_is_none(String text) {
    assertThat(Json.isObject(text)).isFalse();
  }
}
