package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;

/// An answer: the head that all have in common, and behind it what one call tells. To be sent with
/// HTTP status 200 and [#CONTENT_TYPE]. Source: `cloudpay.md` section 1.6.
public final class Reply {
  public static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /// Unit: characters of `description`.
  private static final int LONGEST_DESCRIPTION = 255;

  private Reply() {}

  /// An answer that nobody signs, since the message itself was wrong or nothing is known.
  public static byte[] unsigned(LogId logId, Result result) {
    require(!result.status().isSigned(), "an answer with %s is signed", result.status());
    return Content.envelope(
        "response_content", Content.text(out -> head(out, logId, result)), null);
  }

  /// An answer that its caller can verify.
  ///
  /// @param key that verified the request
  public static byte[] signed(LogId logId, Result result, Payload payload, AuthenKey key) {
    require(result.status().isSigned(), "an answer with %s is not signed", result.status());
    String text =
        Content.text(out -> {
          head(out, logId, result);
          out.object(payload.name(), payload::write);
        });
    return Content.envelope("response_content", text, key);
  }

  private static void head(ContentFields out, LogId logId, Result result) {
    out.integer("status", result.status().number());
    out.text("description", Texts.cut(result.chinese(), LONGEST_DESCRIPTION));
    out.integer("log_id", logId.value());
    out.integer("internal_status", result.internalStatus());
  }
}
