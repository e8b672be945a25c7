package io.yunfu.wire.cpay;

import static io.yunfu.testkit.Property.forAll;
import static io.yunfu.wire.cpay.Calls.K1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CodecPropertiesTest {
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    " ",
    "\"",
    "\\",
    "/",
    "\n",
    "\t",
    "{",
    "}",
    "[",
    ":",
    ",",
    "é",
    "订",
    "单",
    "\u00A0",
    "\u3000",
    "\uFEFF",
    "\uD83D\uDE00",
    "\u202e",
    "\u007f",
    "\u0001",
    "\\u0041",
    "authen_info"
  };
  private static final String[] SPACES = {
    "", "", " ", "\n", "\t", "\r\n", "\u00A0", "\u3000", "\uFEFF", "\u00A0\u00A0 "
  };

  private static String any(RandomGenerator random, int most) {
    var text = new StringBuilder();
    int count = random.nextInt(most);
    for (int i = 0; i < count; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /// A request as a client meant it, and one of the many ways to write it.
  record Written(String nonce, String remark, String attach, String text) {
    static Written any(RandomGenerator random) {
      String nonce = "n" + CodecPropertiesTest.any(random, 3);
      String remark = "r" + CodecPropertiesTest.any(random, 8);
      String attach = "a" + CodecPropertiesTest.any(random, 8);
      String content =
          object(
              random,
              List.of(
                  member(random, "out_trade_no", "\"gz0200abcd1\""),
                  member(random, "total_fee", random.nextBoolean() ? "2590" : "\"2590\""),
                  member(random, "remark", quoted(random, remark)),
                  member(
                      random,
                      "wxpay_pay_content_ext",
                      object(random, List.of(member(random, "attach", quoted(random, attach)))))));
      String key =
          object(
              random,
              List.of(
                  member(random, "pay_platform", "1"),
                  member(random, "out_mch_id", "\"m\""),
                  member(random, "out_sub_mch_id", "\"s\""),
                  member(random, "out_shop_id", "\"h\""),
                  member(
                      random,
                      "wxpay_pay_mch_key_ext",
                      object(random, List.of(member(random, "open_id", "\"o\""))))));
      String text =
          object(
              random,
              List.of(
                  member(random, "pay_content", content),
                  member(random, "pay_mch_key", key),
                  member(
                      random,
                      "order_client",
                      object(random, List.of(member(random, "spbill_create_ip", "\"10.0.0.1\"")))),
                  member(random, "nonce_str", quoted(random, nonce)),
                  member(random, "unknown", "[null,{\"x\":1.5e3},true]")));
      return new Written(nonce, remark, attach, text);
    }
  }

  private static String object(RandomGenerator random, List<String> members) {
    var shuffled = new ArrayList<>(members);
    Collections.shuffle(shuffled, Random.from(random));
    return space(random) + "{" + String.join("," + space(random), shuffled) + "}" + space(random);
  }

  private static String member(RandomGenerator random, String name, String value) {
    String written =
        space(random) + quoted(random, name) + space(random) + ":" + space(random) + value;
    boolean doubled = random.nextInt(8) == 0;
    return (doubled ? "\"" + name + "\":[0]," : "") + written + space(random);
  }

  private static String space(RandomGenerator random) {
    return SPACES[random.nextInt(SPACES.length)];
  }

  private static String quoted(RandomGenerator random, String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || (!Character.isSurrogate(c) && random.nextInt(6) == 0)) {
        out.append((random.nextBoolean() ? "\\u%04x" : "\\u%04X").formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  @Test
  void however_a_request_is_written_it_verifies_and_reads_alike() {
    forAll(
        Written::any,
        written -> {
          byte[] body = Calls.body(written.text);
          assertThat(ReceivedCall.of(body, false).text()).isEqualTo(written.text);
          var request = Calls.accepted(body, false, OfficialAccountPayRequest::of);
          assertThat(request.nonce()).isEqualTo(written.nonce);
          assertThat(request.content().remark()).contains(written.remark);
          assertThat(request.content().wechat().attach()).contains(written.attach);
          assertThat(request.content().total().cents()).isEqualTo(2590);
        });
  }

  @Test
  void one_other_bit_of_the_text_is_noticed() {
    forAll(
        Written::any,
        written -> {
          String text = written.text;
          int at = Math.floorMod(text.hashCode(), text.length());
          char other = (char) (text.charAt(at) ^ 1);
          if (!Character.isSurrogate(text.charAt(at)) && !Character.isSurrogate(other)) {
            String changed = text.substring(0, at) + other + text.substring(at + 1);
            var hmac = new Authentication.Hmac(changed, K1.sign(text));
            assertThat(hmac.isSignedWith(K1)).isFalse();
          }
        });
  }

  @Test
  void what_is_written_is_ascii_signed_and_reads_back() {
    forAll(
        random -> any(random, 60),
        text -> {
          byte[] body =
              Reply.signed(
                  new LogId(1), Results.OK.with(), new Payload.NonceOnly("close_order", text), K1);
          for (byte b : body) {
            assertThat(b).isBetween((byte) 0x20, (byte) 0x7f);
          }
          var outer = (Json.Fields) Json.parse(new String(body, UTF_8)).orElseThrow();
          String signed = ((Json.Text) outer.members().get("response_content")).text();
          assertThat(signed.chars().allMatch(c -> c >= 0x20 && c < 0x80)).isTrue();
          var info = (Json.Fields) outer.members().get("authen_info");
          var a = (Json.Fields) info.members().get("a");
          assertThat(a.members().get("authen_code")).isEqualTo(new Json.Text(K1.sign(signed)));
          var inner = (Json.Fields) Json.parse(signed).orElseThrow();
          assertThat(inner.members().get("close_order"))
              .isEqualTo(new Json.Fields(java.util.Map.of("nonce_str", new Json.Text(text))));
        });
  }

  @Test
  void any_bytes_at_all_are_refused_and_never_a_fault() {
    forAll(
        2000,
        random -> {
          byte[] body = Calls.body(Calls.T1);
          int flips = 1 + random.nextInt(4);
          for (int i = 0; i < flips; i++) {
            body[random.nextInt(body.length)] = (byte) random.nextInt();
          }
          return body;
        },
        body -> {
          for (boolean lenient : new boolean[] {false, true}) {
            try {
              Calls.accepted(body, lenient, OfficialAccountPayRequest::of);
            } catch (CallRefused refused) {
              assertThat(refused.result().status()).isEqualTo(Status.INVALID);
            }
          }
        });
  }
}
