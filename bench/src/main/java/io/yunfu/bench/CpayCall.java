package io.yunfu.bench;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `official_account_pay` for one new order, and the check that the answer is signed with the
/// caller's key, names this order and holds a prepare id and what the page needs.
final class CpayCall implements Call {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WHOLE = 1 << 20;

  /// The outcome is not known yet: the caller has to repeat the same request. Source: `cloudpay.md`
  /// section 4.2.
  static final String UNKNOWN = "103/90032";

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
    return judge(answer.body(WHOLE));
  }

  /// What is asked, to be sent once more.
  byte[] body() {
    return merchant.body(order);
  }

  /// The same for a body.
  Verdict judge(String body) {
    try {
      JsonNode envelope = JSON.readTree(body);
      String text = envelope.path("response_content").asString("");
      JsonNode content = JSON.readTree(text);
      int status = content.path("status").asInt(-1);
      if (status != 0) {
        return new Verdict.Refused(status + "/" + content.path("internal_status").asInt(-1));
      }
      String code = envelope.at("/authen_info/a/authen_code").asString("");
      if (!merchant.isSignedForMe(text, code)) {
        return wrong("an answer whose authen_code is wrong", body);
      }
      JsonNode paid = content.path("official_account_pay");
      if (!paid.at("/order_content/out_trade_no").asString("").equals(order)) {
        return wrong("an answer that does not name the order", body);
      }
      String prepared = paid.at("/order_content/wxpay_order_content_ext/prepare_id").asString("");
      if (prepared.isEmpty()) {
        return wrong("an answer without a prepare id", body);
      }
      if (!paid.at("/jsapi_args/wxpay/get_brand_wcpay/package")
          .asString("")
          .equals("prepay_id=" + prepared)) {
        return wrong("an answer whose page pays for something else", body);
      }
    } catch (JacksonException e) {
      return wrong("an answer that is not JSON", body);
    }
    receipts.acknowledge(number);
    return Verdict.RIGHT;
  }

  private static Verdict wrong(String what, String body) {
    return new Verdict.Wrong(what + ": " + body.substring(0, Math.min(SHOWN, body.length())));
  }
}
