package io.yunfu.channels.alipay;

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

/// All codes that Alipay answers, with what they mean for each call. Source: `channels.md` sections
/// 4.1 and 4.6 to 4.9. Codes that only stand in the enumerations of Alipay's v3 package are sorted
/// in by their description.
final class Codes {
  private Codes() {}

  /// @param subCode empty when there is none
  static Meaning meaning(Operation operation, String code, String subCode) {
    Meaning bySubCode = bySubCode(operation, subCode);
    return switch (code) {
      case "10000" -> DONE;
      // Service not available.
      case "20000" -> operation == Operation.REFUND ? ASK : REPEAT;
      // Too many calls.
      case "40005" -> LATER;
      // Not authorised; a parameter is missing or wrong; no permission.
      case "20001", "40001", "40002", "40003", "40006" -> bySubCode == UNLISTED ? ALERT : bySubCode;
      // Failed: the sub code says why.
      case "40004" -> bySubCode;
      default -> UNLISTED;
    };
  }

  /// For what is unlisted: a refund is asked for before it counts as refused; other business that
  /// has failed needs a person; and a code outside of all business says nothing.
  static Meaning onTheSafeSide(Operation operation, String code) {
    return switch (code) {
      case "40004" ->
          switch (operation) {
            case REFUND -> ASK_ELSE_ACT;
            case BILL -> ASK; // the day is not over for it
            case CREATE, QUERY, CLOSE, QUERY_REFUND -> ACT;
          };
      default -> ASK;
    };
  }

  private static Meaning bySubCode(Operation operation, String subCode) {
    return switch (operation) {
      case CREATE -> create(subCode);
      case QUERY, QUERY_REFUND -> query(subCode);
      case CLOSE -> close(subCode);
      case REFUND -> refund(subCode);
      case BILL -> bill(subCode);
    };
  }

  /// `alipay.trade.create`, section 4.9.
  private static Meaning create(String subCode) {
    return switch (subCode) {
      case "ACQ.SYSTEM_ERROR", "aop.unknow-error", "isp.unknow-error" -> REPEAT;

      case "ACQ.CONTEXT_INCONSISTENT",
          "ACQ.TRADE_HAS_CLOSE",
          "ACQ.TRADE_BUYER_NOT_MATCH",
          "ACQ.PAYMENT_AUTH_CODE_INVALID" ->
          NEW_NUMBER;

      // Paid; the question will say so.
      case "ACQ.TRADE_HAS_SUCCESS" -> ASK;

      case "ACQ.INVALID_PARAMETER",
          "ACQ.ILLEGAL_ARGUMENT",
          "ACQ.TOTAL_FEE_EXCEED",
          "ACQ.EXIST_FORBIDDEN_WORD",
          "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR",
          "ACQ.SUB_GOODS_SIZE_MAX_COUNT",
          "ACQ.INVALID_STORE_ID",
          "ACQ.STORE_INFO_INVALID" ->
          WRONG;

      case "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
          "ACQ.PAYER_UNMATCHED",
          "ACQ.PAYMENT_FAIL",
          "ACQ.PAYMENT_REQUEST_HAS_RISK",
          "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE",
          "ACQ.PULL_MOBILE_CASHIER_FAIL",
          "ACQ.ERROR_BALANCE_PAYMENT_DISABLE",
          "ACQ.MOBILE_PAYMENT_SWITCH_OFF",
          "ACQ.CUSTOMER_VALIDATE_ERROR",
          "ACQ.NOT_SUPPORT_PAYMENT_INST",
          "ACQ.TRADE_SETTLE_ERROR",
          "ACQ.USER_LOGONID_DUP" ->
          ACT;
      case String code when code.startsWith("ACQ.BUYER_") -> ACT;

      case "ACQ.ACCESS_FORBIDDEN",
          "ACQ.PARTNER_ERROR",
          "ACQ.DEFAULT_SETTLE_RULE_NOT_EXIST",
          "ACQ.OPEN_ID_NOT_TINY_APP",
          "ACQ.UNBOUND_APPLICATION",
          "ACQ.BIZ_PRODUCT_NOT_ALLOWED",
          "ACQ.ERROR_SELLER_CERTIFY_LEVEL_LIMIT",
          "ACQ.INVALID_RECEIVE_ACCOUNT",
          "ACQ.PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID",
          "ACQ.PRODUCT_NOT_SUPPORT_IN_TINY_APP",
          "ACQ.RISK_MERCHANT_IP_NOT_EXIST" ->
          ALERT;
      case String code when code.startsWith("ACQ.SELLER_") -> ALERT;
      case String code when code.startsWith("ACQ.MERCHANT_") -> ALERT;
      case String code when code.startsWith("ACQ.BEYOND_") -> ALERT;
      case String code when code.startsWith("ACQ.SECONDARY_MERCHANT_") -> ALERT;
      case String code when code.startsWith("ACQ.SUB_MERCHANT_") -> ALERT;

      default -> ofTheGateway(subCode);
    };
  }

  /// `alipay.trade.query`, section 4.6, and `alipay.trade.fastpay.refund.query`, section 4.8.
  private static Meaning query(String subCode) {
    return switch (subCode) {
      case "ACQ.SYSTEM_ERROR", "aop.unknow-error", "isp.unknow-error" -> REPEAT;
      case "ACQ.TRADE_NOT_EXIST" -> ABSENT;
      case "ACQ.INVALID_PARAMETER" -> WRONG;
      case "ACQ.ENTERPRISE_PAY_BIZ_ERROR" -> ACT;
      default -> ofTheGateway(subCode);
    };
  }

  /// `alipay.trade.close`, section 4.7.
  private static Meaning close(String subCode) {
    return switch (subCode) {
      case "ACQ.SYSTEM_ERROR", "aop.unknow-error", "isp.unknow-error" -> REPEAT;
      case "ACQ.TRADE_NOT_EXIST" -> ABSENT;
      // Paid? Closed before?
      case "ACQ.TRADE_STATUS_ERROR",
          "ACQ.REASON_TRADE_STATUS_INVALID",
          "ACQ.REASON_ILLEGAL_STATUS" ->
          ASK;
      case "ACQ.INVALID_PARAMETER" -> WRONG;
      default -> ofTheGateway(subCode);
    };
  }

  /// `alipay.trade.refund`, section 4.8.
  private static Meaning refund(String subCode) {
    return switch (subCode) {
      case "ACQ.SYSTEM_ERROR", "aop.unknow-error", "isp.unknow-error" -> ASK;

      case "ACQ.DISCORDANT_REPEAT_REQUEST" -> ASK_ELSE_NEW_NUMBER;

      case "ACQ.SELLER_BALANCE_NOT_ENOUGH" -> ACT_THEN_REPEAT;

      case "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
          "ACQ.REFUND_FEE_ERROR",
          "ACQ.REASON_TRADE_REFUND_FEE_ERR",
          "ACQ.INVALID_PARAMETER",
          "ACQ.NOT_ALLOW_PARTIAL_REFUND",
          "ACQ.CURRENCY_NOT_SUPPORT",
          "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR" ->
          WRONG;

      case "ACQ.TRADE_NOT_EXIST" -> ABSENT;

      // Already refunded, all of it?
      case "ACQ.TRADE_HAS_FINISHED",
          "ACQ.TRADE_HAS_CLOSE",
          "ACQ.TRADE_STATUS_ERROR",
          "ACQ.REASON_TRADE_STATUS_INVALID",
          "ACQ.TRADE_NOT_ALLOW_REFUND" ->
          ASK_ELSE_ACT;

      case "ACQ.REASON_TRADE_BEEN_FREEZEN",
          "ACQ.BUYER_ERROR",
          "ACQ.BUYER_NOT_EXIST",
          "ACQ.BUYER_ENABLE_STATUS_FORBID",
          "ACQ.TRADE_SETTLE_ERROR",
          "ACQ.CUSTOMER_VALIDATE_ERROR",
          "ACQ.ENTERPRISE_PAY_BIZ_ERROR",
          "ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND",
          "ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH",
          "ACQ.OVERDRAFT_ASSIGN_ACCOUNT_INVALID",
          "ACQ.REFUND_ACCOUNT_NOT_EXIST",
          "ACQ.REFUND_CHARGE_ERROR",
          "ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST",
          "ACQ.USER_NOT_MATCH_ERR" ->
          ACT;

      default -> ofTheGateway(subCode);
    };
  }

  /// `alipay.data.dataservice.bill.downloadurl.query`, section 4.11.
  private static Meaning bill(String subCode) {
    return switch (subCode) {
      case "isp.bill_not_exist", "BILL_NOT_EXIST" -> ABSENT;
      case "INVAILID_ARGUMENTS", "ACQ.INVALID_PARAMETER" -> WRONG;
      case "UNKNOWN_ERROR", "aop.unknow-error", "isp.unknow-error" -> REPEAT;
      default -> ofTheGateway(subCode);
    };
  }

  /// Codes of the open platform in front of all calls: `isv.invalid-signature`,
  /// `aop.invalid-app-auth-token`.
  private static Meaning ofTheGateway(String subCode) {
    return subCode.startsWith("isv.") || subCode.startsWith("aop.") ? ALERT : UNLISTED;
  }
}
