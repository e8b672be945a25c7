package io.yunfu.simulator.http;

/// How an answer travels.
public enum Manner {
  /// As it should.
  WELL,
  /// Not at all; the connection stays open until the client gives up.
  SILENT,
  /// Not at all; the connection is reset.
  RESET,
  /// All its length is announced, half of it comes, then the connection ends.
  TRUNCATED,
  /// One byte per second.
  SLOW,
  /// In chunks of a few bytes.
  CHUNKED,
  /// After 50 MB of white space.
  HUGE
}
