package io.yunfu.bench.load;

import java.nio.ByteBuffer;

/// One request, and what makes its answer a right one.
public interface Call {
  /// Writes the whole HTTP request, head and body.
  ///
  /// @param epochSecond the clock at this moment, for the signature
  void write(ByteBuffer out, long epochSecond);

  /// Looks at the answer. Asked once, when all of it has arrived; not asked when none arrives.
  Verdict judge(Answer answer);
}
