package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.nio.ByteBuffer;

/// PayDeals for one deal, signed with signature v3, and the check that the answer names this deal
/// and carries a request id.
final class PayCall implements Call {
  private final Client client;
  private final String deal;
  private final long number;
  private final Receipts receipts;

  PayCall(Client client, String deal, long number, Receipts receipts) {
    this.client = client;
    this.deal = deal;
    this.number = number;
    this.receipts = receipts;
  }

  /// What a request for one deal says.
  static byte[] body(String deal) {
    return ("{" + orderIds(deal) + "}").getBytes(ISO_8859_1);
  }

  private static String orderIds(String deal) {
    return "\"OrderIds\":[\"" + deal + "\"]";
  }

  @Override
  public void write(ByteBuffer out, long epochSecond) {
    receipts.ask(number);
    client.write(out, BillingAction.PAY_DEALS, body(deal), epochSecond);
  }

  @Override
  public Verdict judge(Answer answer) {
    Verdict verdict = BillingAnswer.judge(answer, orderIds(deal).getBytes(ISO_8859_1));
    if (verdict instanceof Verdict.Right) {
      receipts.acknowledge(number);
    }
    return verdict;
  }
}
