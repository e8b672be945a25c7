package io.yunfu.channels.wechat;

import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sign><![CDATA[%s]]></sign>",
        "<sign>%s</sign>",
        "<openid><![CDATA[%s]]></openid>",
        "<sub_openid> <![CDATA[%s]]></sub_openid>",
        "<prepay_id><![CDATA[%s]]></prepay_id>",
        "<req_info>%s</req_info>",
        "appid=wx1&openid=%s&total_fee=1",
        "a=1&key=%s",
        "<p>sign=%s</p>",
        "<return_msg>key was " + Fixture.KEY + "%.0s</return_msg>",
      })
  void what_nobody_needs_to_see_is_hidden(String text) {
    String masked = masked(text.formatted("S3cretValue/+="));
    assertThat(masked).doesNotContain("S3cret").doesNotContain(Fixture.KEY).contains("***");
  }

  @Test
  void the_rest_stays() {
    String text = "<xml><appid>wx1</appid><out_trade_no><![CDATA[n1]]></out_trade_no></xml>";
    assertThat(masked(text)).isEqualTo(text);
  }

  @Test
  void a_whole_answer_keeps_its_form() {
    String masked = masked(new String(Fixture.signed(Fixture.paid(), MD5), UTF_8));
    assertThat(masked)
        .contains("<sub_openid><![CDATA[***]]></sub_openid>")
        .contains("<out_trade_no><![CDATA[" + Fixture.ORDER + "]]></out_trade_no>")
        .contains("<sign><![CDATA[***]]></sign>");
  }

  @Test
  void it_is_cut_after_it_is_masked_and_never_through_a_character() {
    String text = "😀".repeat(Evidence.LONGEST - 3) + "<sign>" + "A".repeat(32) + "</sign>";
    String masked = masked(text);
    assertThat(masked.codePointCount(0, masked.length())).isEqualTo(Evidence.LONGEST);
    assertThat(masked).doesNotContain("A");
  }

  @Test
  void a_notice_says_neither_who_paid_nor_how_it_was_signed() {
    String masked = Masks.masked(new String(Fixture.signed(Fixture.paid(), MD5), UTF_8));
    assertThat(masked)
        .contains("<openid><![CDATA[***]]></openid>")
        .contains("<sub_openid><![CDATA[***]]></sub_openid>")
        .contains("<sign><![CDATA[***]]></sign>")
        .contains("<out_trade_no><![CDATA[" + Fixture.ORDER + "]]></out_trade_no>");
  }

  private static String masked(String text) {
    return Masks.evidence(text, Fixture.account(MD5));
  }
}
