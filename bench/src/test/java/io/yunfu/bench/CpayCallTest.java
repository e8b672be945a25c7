package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.bench.load.Verdict;
import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.Authentication;
import io.yunfu.wire.cpay.OfficialAccountPayRequest;
import io.yunfu.wire.cpay.Platform;
import io.yunfu.wire.cpay.ReceivedCall;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CpayCallTest {
  private static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  private static final String ORDER = "m4x0001000000007";

  private final CpayMerchant merchant =
      new CpayMerchant("127.0.0.1:8080", "provider", "sub", "shop", "oPayer", 1_800_000_000, KEY);
  private final Receipts receipts = new Receipts(0, 64);
  private final CpayCall call = new CpayCall(merchant, ORDER, 7, receipts);

  @Test
  void what_it_sends_is_what_the_wire_module_reads_and_each_is_signed_by_its_own_text() {
    ReceivedCall one = received(ORDER);
    ReceivedCall other = received("m4x0001000000008");
    OfficialAccountPayRequest read = one.read(OfficialAccountPayRequest::of);
    assertThat(read.platform()).isEqualTo(Platform.WECHAT);
    assertThat(read.content().outTradeNo()).isEqualTo(ORDER);
    assertThat(read.content().timeExpire()).contains(Instant.ofEpochSecond(1_800_000_000));
    assertThat(other.text()).isNotEqualTo(one.text());
    assertThat(List.of(one, other)).allSatisfy(CpayCallTest::assertSigned);
  }

  @Test
  void an_answer_is_right_when_it_is_signed_names_the_order_and_is_prepared() {
    assertThat(judged(answer(prepared(ORDER, "wx1", "wx1"), KEY))).isEqualTo(Verdict.RIGHT);
    assertThat(receipts.isAcknowledged(7)).isTrue();
  }

  @Test
  void an_answer_that_another_key_signed_is_wrong() {
    assertWrong(answer(prepared(ORDER, "wx1", "wx1"), "another-key"), "authen_code");
  }

  @Test
  void an_answer_about_another_order_or_without_a_prepare_id_is_wrong() {
    assertWrong(answer(prepared("m4x0001000000009", "wx1", "wx1"), KEY), "name the order");
    assertWrong(answer(prepared(ORDER, "", ""), KEY), "prepare id");
    assertWrong(answer(prepared(ORDER, "wx1", "wx2"), KEY), "something else");
    assertWrong("<html>", "not JSON");
    assertWrong(answer("{}", KEY), "without a status");
    String right = answer(prepared(ORDER, "wx1", "wx1"), KEY);
    assertWrong(right.substring(0, right.length() - 1), "not JSON");
    assertWrong(right + "}", "not JSON");
    assertWrong(answer(prepared(ORDER, "wx1", "wx1") + ",", KEY), "not JSON");
  }

  @Test
  void a_refusal_is_counted_under_both_of_its_numbers() {
    assertThat(judged(answer("{\"status\":103,\"internal_status\":90032}", KEY)))
        .isEqualTo(new Verdict.Refused("103/90032"));
    assertThat(receipts.isAcknowledged(7)).isFalse();
  }

  @Test
  void the_channels_book_must_hold_each_acknowledged_order_once_and_no_other() {
    receipts.acknowledge(7);
    receipts.acknowledge(8);
    assertThat(ChannelBook.compare(receipts, List.of(7L, 8L)).isGood()).isTrue();
    assertThat(ChannelBook.compare(receipts, List.of(7L))).isEqualTo(new ChannelBook(2, 1, 1, 0));
    assertThat(ChannelBook.compare(receipts, List.of(7L, 8L, 8L)).isGood()).isFalse();
    assertThat(ChannelBook.compare(receipts, List.of(7L, 8L, 9L)))
        .isEqualTo(new ChannelBook(2, 3, 0, 1));
    assertThat(ChannelBook.compare(new Receipts(0, 1), List.of()).isGood()).isFalse();
  }

  private void assertWrong(String body, String why) {
    assertThat(judged(body))
        .isInstanceOfSatisfying(
            Verdict.Wrong.class, wrong -> assertThat(wrong.what()).contains(why));
    assertThat(receipts.isAcknowledged(7)).isFalse();
  }

  private Verdict judged(String body) {
    return call.judge(body.getBytes(UTF_8));
  }

  private static String prepared(String order, String prepareId, String inPage) {
    return """
    {"status":0,"internal_status":0,"official_account_pay":{"order_content":{"out_trade_no":"%s",\
    "wxpay_order_content_ext":{"prepare_id":"%s"}},"jsapi_args":{"wxpay":{"get_brand_wcpay":\
    {"package":"prepay_id=%s"}}}}}\
    """
        .formatted(order, prepareId, inPage);
  }

  private static String answer(String content, String key) {
    var json = JsonMapper.builder().build().createObjectNode().put("response_content", content);
    json.putObject("authen_info")
        .putObject("a")
        .put("authen_type", 1)
        .put("authen_code", AuthenKey.of(key).sign(content));
    return json.toString();
  }

  private ReceivedCall received(String order) {
    ByteBuffer out = ByteBuffer.allocate(8192);
    merchant.write(out, order);
    byte[] sent = Arrays.copyOf(out.array(), out.position());
    String text = new String(sent, UTF_8);
    int body = text.indexOf("\r\n\r\n") + 4;
    assertThat(text)
        .startsWith("POST /cpay/official_account_pay HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n")
        .contains("Content-Length: " + (sent.length - body) + "\r\n");
    return ReceivedCall.of(Arrays.copyOfRange(sent, body, sent.length), false);
  }

  private static void assertSigned(ReceivedCall call) {
    assertThat(call.authenticate())
        .isInstanceOfSatisfying(
            Authentication.Hmac.class,
            hmac -> assertThat(hmac.isSignedWith(AuthenKey.of(KEY))).isTrue());
  }
}
