package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.nio.ByteBuffer;

/// PayDeals for one deal, signed with signature v3, and the check that the answer names this deal
/// and carries a request id.
final class PayCall implements Call {
  private static final byte[] REQUEST_ID = "\"RequestId\":\"".getBytes(ISO_8859_1);
  private static final byte[] CODE = "\"Code\":\"".getBytes(ISO_8859_1);
  private static final int REQUEST_ID_LENGTH = 36;

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

  @Override
  public void write(ByteBuffer out, long epochSecond) {
    receipts.ask(number);
    client.write(out, deal, epochSecond);
  }

  @Override
  public Verdict judge(Answer answer) {
    if (answer.status() != 200) {
      return new Verdict.Wrong("HTTP status " + answer.status());
    }
    if (answer.lengthAfter(REQUEST_ID) != REQUEST_ID_LENGTH) {
      return new Verdict.Wrong("an answer without a request id: " + answer.body(200));
    }
    if (answer.indexOf(("\"OrderIds\":[\"" + deal + "\"]").getBytes(ISO_8859_1)) < 0) {
      String code = answer.textAfter(CODE);
      return code.isEmpty()
          ? new Verdict.Wrong("an answer that does not name the deal: " + answer.body(200))
          : new Verdict.Refused(code);
    }
    receipts.acknowledge(number);
    return Verdict.RIGHT;
  }
}
