package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `official_account_pay` for one new order, and the check that the answer is signed with the
/// caller's key, names this order and holds a prepare id and what the page needs.
final class CpayCall implements Call {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Source: `cloudpay.md` section 1.2.
  private static final Members ENVELOPE =
      new Members("response_content", "authen_info/a/authen_code");

  private static final Members CONTENT =
      new Members(
          "status",
          "internal_status",
          "official_account_pay/order_content/out_trade_no",
          "official_account_pay/order_content/wxpay_order_content_ext/prepare_id",
          "official_account_pay/jsapi_args/wxpay/get_brand_wcpay/package");

  /// The outcome is not known yet: the caller has to repeat the same request. Source: `cloudpay.md`
  /// section 4.2.
  static final String UNKNOWN = "103/90032";

  /// Unit: bytes.
  private static final int SHOWN = 300;

  private final CpayMerchant merchant;
  private final String order;
  private final long number;
  private final Receipts receipts;

  /// @param number of the order in the receipts
  CpayCall(CpayMerchant merchant, String order, long number, Receipts receipts) {
    this.merchant = merchant;
    this.order = order;
    this.number = number;
    this.receipts = receipts;
  }

  @Override
  public void write(ByteBuffer out, long epochSecond) {
    receipts.ask(number);
    merchant.write(out, order);
  }

  @Override
  public Verdict judge(Answer answer) {
    if (answer.status() != 200) {
      return new Verdict.Wrong("HTTP status " + answer.status());
    }
    return judge(answer.body());
  }

  /// What is asked, to be sent once more.
  byte[] body() {
    return merchant.body(order);
  }

  /// The same for a body.
  Verdict judge(byte[] body) {
    try {
      String[] envelope = ENVELOPE.read(JSON.createParser(body));
      String[] content = CONTENT.read(JSON.createParser(envelope[0]));
      if (content[0].isEmpty()) {
        return wrong("an answer without a status", body);
      }
      if (!content[0].equals("0")) {
        return new Verdict.Refused(content[0] + "/" + content[1]);
      }
      if (!merchant.isSignedForMe(envelope[0], envelope[1])) {
        return wrong("an answer whose authen_code is wrong", body);
      }
      if (!content[2].equals(order)) {
        return wrong("an answer that does not name the order", body);
      }
      String prepared = content[3];
      if (prepared.isEmpty()) {
        return wrong("an answer without a prepare id", body);
      }
      if (!content[4].equals("prepay_id=" + prepared)) {
        return wrong("an answer whose page pays for something else", body);
      }
    } catch (JacksonException e) {
      return wrong("an answer that is not JSON", body);
    }
    receipts.acknowledge(number);
    return Verdict.RIGHT;
  }

  private static Verdict wrong(String what, byte[] body) {
    return new Verdict.Wrong(
        what + ": " + new String(body, 0, Math.min(SHOWN, body.length), UTF_8));
  }
}
