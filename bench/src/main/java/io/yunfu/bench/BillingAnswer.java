package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Verdict;

/// What every answer of the billing API has in common.
final class BillingAnswer {
  private static final byte[] REQUEST_ID = "\"RequestId\":\"".getBytes(ISO_8859_1);
  private static final byte[] CODE = "\"Code\":\"".getBytes(ISO_8859_1);
  private static final int REQUEST_ID_LENGTH = 36;
  private static final int SHOWN = 200;

  private BillingAnswer() {}

  /// An answer is right when it carries a request id and these bytes.
  static Verdict judge(Answer answer, byte[] expected) {
    if (answer.status() != 200) {
      return new Verdict.Wrong("HTTP status " + answer.status());
    }
    if (answer.lengthAfter(REQUEST_ID) != REQUEST_ID_LENGTH) {
      return new Verdict.Wrong("an answer without a request id: " + answer.body(SHOWN));
    }
    if (answer.indexOf(expected) >= 0) {
      return Verdict.RIGHT;
    }
    String code = answer.textAfter(CODE);
    return code.isEmpty()
        ? new Verdict.Wrong("an answer that does not say what it should: " + answer.body(SHOWN))
        : new Verdict.Refused(code);
  }
}
