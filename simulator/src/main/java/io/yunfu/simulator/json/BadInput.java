package io.yunfu.simulator.json;

/// What a person or a test sent us makes no sense; the message names the place and the reason.
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BadInput(String message) {
    super(message);
  }
}
