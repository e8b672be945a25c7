package io.yunfu.channels.alipay;

import static io.yunfu.testkit.Property.forAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Operation;
import io.yunfu.channels.Unreadable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  private static final String METHOD = "alipay.trade.query";
  private static final String NAME = "\"alipay_trade_query_response\"";

  @Test
  void the_node_keeps_every_byte() {
    String node =
        "{ \"a\" : \"x\\/y\\u4e2d\\\"}\" ,\"b\":[{\"c\":\"]}\"},[ ]],\n\"d\":{\"sign\":\"no\"},\"e\":1.0 }";
    var text = of("{" + NAME + ":" + node + ",\"sign\":\"ab\\/c=\",\"alipay_cert_sn\":\"0f\"}");
    assertThat(text.node()).isEqualTo(node);
    assertThat(text.sign()).contains("ab/c=");
    assertThat(text.certificateNumber()).contains("0f");
  }

  @Test
  void names_inside_the_node_are_not_those_outside() {
    var text = of("{" + NAME + ":{\"sign\":\"inner\",\"alipay_trade_query_response\":{}}}");
    assertThat(text.sign()).isEmpty();
    assertThat(text.node()).isEqualTo("{\"sign\":\"inner\",\"alipay_trade_query_response\":{}}");
  }

  @Test
  void a_refusal_at_the_door_may_have_a_node_of_its_own() {
    assertThat(of("{\"error_response\":{\"code\":\"40002\"}}").node())
        .isEqualTo("{\"code\":\"40002\"}");
  }

  @Test
  void an_empty_signature_is_none() {
    assertThat(of("{" + NAME + ":{},\"sign\":\"\"}").sign()).isEqualTo(Optional.empty());
  }

  @Test
  void what_can_be_read_in_two_ways_is_not_read() {
    for (String text :
        List.of(
            "{" + NAME + ":{\"code\":\"10000\"}," + NAME + ":{\"code\":\"40004\"},\"sign\":\"s\"}",
            "{" + NAME + ":{},\"sign\":\"one\",\"sign\":\"two\"}",
            "{" + NAME + ":{},\"error_response\":{},\"sign\":\"s\"}",
            "{\"alipay_trade_query\\u005fresponse\":{},\"sign\":\"s\"}",
            "{" + NAME + ":{},\"s\\u0069gn\":\"s\"}",
            "{" + NAME + ":{},\"sign\":\"s\"}{}",
            "{" + NAME + ":{},\"sign\":\"s\"},",
            "{" + NAME + ":{},\"sign\":{\"a\":\"s\"}}",
            "{" + NAME + ":{},\"sign\":1}")) {
      assertThatThrownBy(() -> of(text)).as(text).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void what_is_no_answer_to_this_question_is_not_read() {
    for (String text :
        List.of(
            "",
            " ",
            "{}",
            "null",
            "[]",
            "\"" + METHOD + "\"",
            "<html><body>502 Bad Gateway</body></html>",
            "\ufeff{" + NAME + ":{},\"sign\":\"s\"}",
            "{\"alipay_trade_create_response\":{\"code\":\"10000\"},\"sign\":\"s\"}",
            "{" + NAME + ":\"encrypted\",\"sign\":\"s\"}",
            "{" + NAME + ":[{}],\"sign\":\"s\"}",
            "{" + NAME + ":}",
            "{" + NAME + ":{}",
            "{" + NAME + "{}}",
            "{" + NAME + ":{}]",
            "{" + NAME + ":]}",
            "{,}",
            "{" + NAME + ":{},}",
            "{" + NAME + ":{\"a\":\"",
            "{" + NAME + ":{\"a\":\"\\")) {
      assertThatThrownBy(() -> of(text)).as(text).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void no_beginning_of_an_answer_passes_for_the_whole() {
    String whole = "{" + NAME + ":{\"code\":\"10000\",\"b\":[{}]},\"sign\":\"c2ln\",\"x\":[1,{}]}";
    assertThat(of(whole).sign()).contains("c2ln");
    for (int end = 0; end < whole.length(); end++) {
      String part = whole.substring(0, end);
      assertThatThrownBy(() -> of(part)).as(part).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void noise_is_unreadable_and_never_anything_worse() {
    String alphabet = "{}[]\":,\\ax \n" + NAME + "sign";
    forAll(
        5_000,
        random -> {
          var text = new StringBuilder("{" + NAME + ":{");
          for (int i = random.nextInt(60); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          return text.toString();
        },
        text -> {
          try {
            assertThat(of(text).node()).startsWith("{").isSubstringOf(text);
          } catch (Unreadable expected) {
            assertThat(expected.code()).isEqualTo("UNREADABLE");
          }
        });
  }

  @Test
  void depth_is_only_counted_so_it_cannot_exhaust_the_stack() {
    String deep = "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000);
    assertThat(of("{" + NAME + ":" + deep + "}").node()).isEqualTo(deep);
    assertThatThrownBy(() ->
            Said.read(Operation.QUERY, null, 200, ("{" + NAME + ":" + deep + "}").getBytes(UTF_8)))
        .isInstanceOf(Unreadable.class);
  }

  private static AnswerText of(String text) {
    return AnswerText.of(text, METHOD);
  }
}
