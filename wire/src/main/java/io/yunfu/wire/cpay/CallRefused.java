package io.yunfu.wire.cpay;

/// Ends the work on a call with an answer for the client. Caught once, where the pipeline turns
/// outcomes into envelopes. It carries no stack trace: it is an answer, not a fault of ours.
public final class CallRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Result result;

  public CallRefused(Result result) {
    super(
        "%d/%d: %s".formatted(result.status().number(), result.internalStatus(), result.english()),
        null,
        false,
        false);
    this.result = result;
  }

  public Result result() {
    return result;
  }
}
