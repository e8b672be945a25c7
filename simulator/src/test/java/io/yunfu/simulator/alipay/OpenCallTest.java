package io.yunfu.simulator.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Property;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class OpenCallTest {
  private static final Charset GBK = Charset.forName("GBK");

  @Test
  void query_and_body_are_one_list_of_parameters() {
    OpenCall call = call("app_id=1&charset=utf-8&method=a.b", "biz_content=%7B%22a%22%3A1%7D");
    assertThat(call.parameters())
        .containsExactly(
            Map.entry("app_id", "1"),
            Map.entry("charset", "utf-8"),
            Map.entry("method", "a.b"),
            Map.entry("biz_content", "{\"a\":1}"));
  }

  @Test
  void a_call_without_query_or_without_body_is_whole_too() {
    assertThat(OpenCall.of(null, "app_id=1&charset=gbk".getBytes(US_ASCII)).get("app_id"))
        .contains("1");
    assertThat(OpenCall.of("app_id=1", new byte[0]).get("app_id")).contains("1");
    assertThat(OpenCall.of(null, new byte[0]).parameters()).isEmpty();
  }

  @Test
  void of_two_parameters_with_one_name_the_one_in_the_query_counts() {
    assertThat(call("app_id=query", "app_id=body").get("app_id")).contains("query");
    assertThat(call("app_id=1&app_id=2", "").get("app_id")).contains("1");
  }

  @Test
  void an_empty_value_is_no_value() {
    assertThat(call("app_auth_token=&x", "").get("app_auth_token")).isEmpty();
    assertThat(call("app_auth_token=&x", "").get("x")).isEmpty();
  }

  @Test
  void the_character_set_that_is_named_decides_how_bytes_are_read() {
    String gbk = "charset=GBK&subject=%B6%B9%BD%AC"; // 豆浆
    assertThat(call(gbk, "").get("subject")).contains("豆浆");
    assertThat(call(gbk, "").charset()).isEqualTo(OpenCharset.GBK);
    assertThat(call("charset=utf-8&subject=%E8%B1%86%E6%B5%86", "").get("subject")).contains("豆浆");
    assertThat(call("subject=%B6%B9%BD%AC&charset=utf-8", "").get("subject"))
        .isPresent()
        .get()
        .isNotEqualTo("豆浆");
  }

  @Test
  void the_character_set_may_stand_in_the_body() {
    OpenCall call = call("app_id=1", "subject=%B6%B9%BD%AC&charset=gbk");
    assertThat(call.get("subject")).contains("豆浆");
  }

  @Test
  void bytes_that_were_not_encoded_are_read_in_the_same_character_set() {
    byte[] raw = "charset=gbk&subject=豆浆".getBytes(GBK);
    assertThat(OpenCall.of(null, raw).get("subject")).contains("豆浆");
  }

  @Test
  void an_unknown_character_set_is_remembered_as_it_came() {
    OpenCall call = call("charset=latin-1&a=1", "");
    assertThat(call.charsetNamed()).contains("latin-1");
    assertThat(OpenCharset.named("latin-1")).isEmpty();
    assertThat(call.charset()).isEqualTo(OpenCharset.UTF_8);
  }

  @Test
  void a_broken_percent_sign_stands_for_itself() {
    assertThat(call("a=100%&b=%zz&c=%4", "").parameters())
        .containsExactly(Map.entry("a", "100%"), Map.entry("b", "%zz"), Map.entry("c", "%4"));
  }

  @Test
  void plus_and_percent_20_are_a_space() {
    assertThat(call("a=1+2&b=1%202&c=1%2B2", "").parameters())
        .containsExactly(Map.entry("a", "1 2"), Map.entry("b", "1 2"), Map.entry("c", "1+2"));
  }

  @Test
  void what_is_written_is_read_again() {
    Property.forAll(
        OpenCallTest::anyPairs,
        pairs -> {
          for (Charset charset : new Charset[] {UTF_8, GBK}) {
            String text = FormText.write(pairs, charset);
            Map<String, String> read = new LinkedHashMap<>();
            FormText.read(text, charset).forEach(pair -> read.put(pair.name(), pair.value()));
            assertThat(read).isEqualTo(pairs);
          }
        });
  }

  private static Map<String, String> anyPairs(RandomGenerator random) {
    String alphabet = "aZ09-_.*+ %&=?/\\\"{}[]:,<>\t\r\n豆浆测试€";
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      var value = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      pairs.put("n" + i, value.toString());
    }
    return pairs;
  }

  private static OpenCall call(String query, String body) {
    return OpenCall.of(query, body.getBytes(US_ASCII));
  }
}
