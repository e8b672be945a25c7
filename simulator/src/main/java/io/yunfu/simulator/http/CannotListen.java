package io.yunfu.simulator.http;

/// A port is taken or may not be used.
public final class CannotListen extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CannotListen(String message, Throwable cause) {
    super(message, cause);
  }
}
