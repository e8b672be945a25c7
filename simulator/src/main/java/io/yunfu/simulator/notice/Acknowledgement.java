package io.yunfu.simulator.notice;

/// Whether an answer says that a notice has arrived, by a channel's rules.
@FunctionalInterface
public interface Acknowledgement {
  /// Judges one answer.
  ///
  /// @param strict whether extra bytes spoil it
  boolean accepts(int status, byte[] body, boolean strict);
}
