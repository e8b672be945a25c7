package io.yunfu.db;

/// Too many commands wait already.
public final class LaneFull extends LaneRefused {
  private static final long serialVersionUID = 1L;

  LaneFull(String message) {
    super(message);
  }
}
