package io.yunfu.db;

/// The program is about to end and takes no more commands.
public final class LaneClosed extends LaneRefused {
  private static final long serialVersionUID = 1L;

  LaneClosed(String message) {
    super(message);
  }
}
