package io.yunfu.wire.tc3;

/// Ends the work on a request with an answer for the client. Caught once, where the pipeline turns
/// outcomes into envelopes. It carries no stack trace: it is an answer, not a fault of ours.
public final class ApiRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  public ApiRefused(ApiError error) {
    super(error.code() + ": " + error.english(), null, false, false);
    this.error = error;
  }

  public ApiError error() {
    return error;
  }
}
