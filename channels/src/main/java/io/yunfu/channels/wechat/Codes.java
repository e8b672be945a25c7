package io.yunfu.channels.wechat;

import static io.yunfu.channels.Meaning.ABSENT;
import static io.yunfu.channels.Meaning.ACT;
import static io.yunfu.channels.Meaning.ACT_THEN_REPEAT;
import static io.yunfu.channels.Meaning.ALERT;
import static io.yunfu.channels.Meaning.ASK;
import static io.yunfu.channels.Meaning.ASK_ELSE_ACT;
import static io.yunfu.channels.Meaning.ASK_ELSE_NEW_NUMBER;
import static io.yunfu.channels.Meaning.DONE;
import static io.yunfu.channels.Meaning.LATER;
import static io.yunfu.channels.Meaning.NEW_NUMBER;
import static io.yunfu.channels.Meaning.REPEAT;
import static io.yunfu.channels.Meaning.UNLISTED;
import static io.yunfu.channels.Meaning.WRONG;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;

/// All `err_code`s of a signed answer, with what they mean for each call. Source: `channels.md`
/// section 2.14.
final class Codes {
  private Codes() {}

  static Meaning meaning(Operation operation, String code) {
    return switch (operation) {
      case CREATE -> create(code);
      case QUERY -> query(code);
      case CLOSE -> close(code);
      case REFUND -> refund(code);
      case QUERY_REFUND -> queryRefund(code);
      case BILL -> UNLISTED; // its failures are not signed: see Bills
    };
  }

  /// For what is unlisted: an order that no payer has seen yet needs a person (2.14), and a refund
  /// is asked for before it does (O-14). A question that fails says nothing.
  static Meaning onTheSafeSide(Operation operation) {
    return switch (operation) {
      case CREATE -> ACT;
      case REFUND -> ASK_ELSE_ACT;
      case QUERY, CLOSE, QUERY_REFUND, BILL -> ASK;
    };
  }

  private static Meaning create(String code) {
    return switch (code) {
      case "SYSTEMERROR" -> REPEAT;
      case "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED" -> LATER;
      // Paid; the question will say so.
      case "ORDERPAID" -> ASK;
      case "ORDERCLOSED" -> NEW_NUMBER;
      case "OUT_TRADE_NO_USED" -> ASK_ELSE_NEW_NUMBER;
      // Other content than the first time is stopped by the gateway, so it is malformed.
      case "INVALID_REQUEST", "PARAM_ERROR", "LACK_PARAMS" -> WRONG;
      case "NOTENOUGH", "NOAUTH" -> ACT;
      default -> ofOurMaking(code);
    };
  }

  private static Meaning query(String code) {
    return switch (code) {
      case "ORDERNOTEXIST" -> ABSENT;
      case "SYSTEMERROR" -> REPEAT;
      default -> ofOurMaking(code);
    };
  }

  private static Meaning close(String code) {
    return switch (code) {
      // Paid, or about to be.
      case "ORDERPAID", "TRADE_STATE_ERROR" -> ASK;
      case "ORDERCLOSED" -> DONE;
      case "ORDERNOTEXIST" -> ABSENT;
      case "SYSTEMERROR" -> REPEAT;
      default -> ofOurMaking(code);
    };
  }

  private static Meaning refund(String code) {
    return switch (code) {
      case "SYSTEMERROR", "BIZERR_NEED_RETRY" -> REPEAT;
      case "INVALID_REQ_TOO_MUCH", "FREQUENCY_LIMITED" -> LATER;
      case "NOTENOUGH" -> ACT_THEN_REPEAT;
      case "TRADE_OVERDUE", "USER_ACCOUNT_ABNORMAL", "ERROR" -> ACT;
      case "ORDERNOTEXIST", "INVALID_TRANSACTIONID", "PARAM_ERROR" -> WRONG;
      case "NOAUTH" -> ALERT;
      default -> ofOurMaking(code);
    };
  }

  private static Meaning queryRefund(String code) {
    return switch (code) {
      case "REFUNDNOTEXIST" -> ABSENT;
      case "SYSTEMERROR" -> REPEAT;
      default -> ofOurMaking(code);
    };
  }

  /// Our configuration or our code, whatever the call is.
  private static Meaning ofOurMaking(String code) {
    return switch (code) {
      case "APPID_NOT_EXIST",
          "MCHID_NOT_EXIST",
          "APPID_MCHID_NOT_MATCH",
          "SIGNERROR",
          "XML_FORMAT_ERROR",
          "REQUIRE_POST_METHOD",
          "POST_DATA_EMPTY",
          "NOT_UTF8" ->
          ALERT;
      default -> UNLISTED;
    };
  }
}
