package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;

/// The answer of `ping`: plain JSON, by which clients choose a host and set their clock. Source:
/// `cloudpay.md` appendix A.1.
public final class Ping {
  private Ping() {}

  public static byte[] answer(Instant now) {
    return Content.text(
            out -> {
              out.text("description", "ok");
              out.integer("status", 0);
              out.time("timestamp", now);
            })
        .getBytes(UTF_8);
  }
}
