package io.yunfu.server.http;

/// The server cannot listen where it was told to. The message is for the operator.
public final class CannotListen extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CannotListen(String message, Throwable cause) {
    super(message, cause);
  }
}
