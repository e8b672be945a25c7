package io.yunfu.server.http;

/// Answers requests, each on a virtual thread of its own, so it may block. What it throws is logged
/// and answered with status 500 and no detail.
@FunctionalInterface
public interface Handler {
  Response handle(Request request);
}
