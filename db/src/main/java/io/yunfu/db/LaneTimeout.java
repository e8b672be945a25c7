package io.yunfu.db;

/// The command waited as long as its caller wanted, and was withdrawn before it ran.
public final class LaneTimeout extends LaneRefused {
  private static final long serialVersionUID = 1L;

  LaneTimeout(String message) {
    super(message);
  }
}
