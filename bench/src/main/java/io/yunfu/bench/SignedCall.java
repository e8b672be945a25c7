package io.yunfu.bench;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.nio.ByteBuffer;

/// A call that pays nothing, signed with signature v3: a question, or a payment that is refused.
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record SignedCall(Client client, BillingAction action, byte[] body, byte[] expected)
    implements Call {
  @Override
  public void write(ByteBuffer out, long epochSecond) {
    client.write(out, action, body, epochSecond);
  }

  @Override
  public Verdict judge(Answer answer) {
    return BillingAnswer.judge(answer, expected);
  }
}
