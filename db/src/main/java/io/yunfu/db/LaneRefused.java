package io.yunfu.db;

/// A [Lane] did not run a command. Nothing changed; the same command may be given again later.
public abstract sealed class LaneRefused extends RuntimeException
    permits LaneClosed, LaneFull, LaneTimeout {
  private static final long serialVersionUID = 1L;

  LaneRefused(String message) {
    // Refusing must stay cheap when there is too much to do: nobody needs to see where it was.
    super(message, null, false, false);
  }
}
