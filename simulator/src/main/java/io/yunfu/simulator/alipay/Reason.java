package io.yunfu.simulator.alipay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why a call was refused: `sub_code` and `sub_msg`, and the code above them.
///
/// Sources: channels.md, sections 4.1 and 4.5 to 4.11; the texts are those of the channel's public
/// tables of errors.
enum Reason {
  // The gateway's own.
  MISSING_METHOD(OpenCode.MISSING, "isv.missing-method", "缺少方法名参数"),
  MISSING_SIGNATURE(OpenCode.MISSING, "isv.missing-signature", "缺少签名参数"),
  MISSING_SIGNATURE_TYPE(OpenCode.MISSING, "isv.missing-signature-type", "缺少签名类型参数"),
  MISSING_APP_ID(OpenCode.MISSING, "isv.missing-app-id", "缺少AppID参数"),
  MISSING_TIMESTAMP(OpenCode.MISSING, "isv.missing-timestamp", "缺少时间戳参数"),
  MISSING_APP_CERTIFICATE(OpenCode.MISSING, "isv.missing-app-cert-sn", "缺少应用公钥证书序列号"),
  MISSING_ROOT_CERTIFICATE(OpenCode.MISSING, "isv.missing-alipay-root-cert-sn", "缺少支付宝根证书序列号"),
  MISSING_VERSION(OpenCode.MISSING, "isv.missing-version", "缺少版本参数"),
  INVALID_METHOD(OpenCode.INVALID, "isv.invalid-method", "不存在的方法名"),
  INVALID_FORMAT(OpenCode.INVALID, "isv.invalid-format", "无效的数据格式"),
  INVALID_SIGNATURE_TYPE(OpenCode.INVALID, "isv.invalid-signature-type", "无效的签名类型"),
  INVALID_SIGNATURE(OpenCode.INVALID, "isv.invalid-signature", "无效签名"),
  INVALID_APP_ID(OpenCode.INVALID, "isv.invalid-app-id", "无效的AppID参数"),
  INVALID_TIMESTAMP(OpenCode.INVALID, "isv.invalid-timestamp", "非法的时间戳参数"),
  INVALID_CHARSET(OpenCode.INVALID, "isv.invalid-charset", "字符集错误"),
  APP_CERTIFICATE_NOT_EXIST(OpenCode.INVALID, "isv.app-cert-not-exist", "应用公钥证书不存在"),
  INVALID_ROOT_CERTIFICATE(OpenCode.INVALID, "isv.invalid-alipay-root-cert-sn", "无效的支付宝根证书序列号"),
  INVALID_PARAMETER_OF_GATEWAY(OpenCode.INVALID, "isv.invalid-parameter", "参数无效"),
  ILLEGAL_JSON(OpenCode.INVALID, "isv.illegal-json", "参数biz_content不是合法的JSON"),
  MISSING_SIGNATURE_CONFIG(
      OpenCode.CONDITIONS, "isv.missing-signature-config", "验签出错, 未配置对应签名算法的公钥或者证书"),
  INVALID_APP_AUTH_TOKEN(OpenCode.TOKEN_PERMISSIONS, "aop.invalid-app-auth-token", "无效的应用授权令牌"),
  APP_AUTH_TOKEN_NO_API(
      OpenCode.TOKEN_PERMISSIONS, "aop.invalid-app-auth-token-no-api", "商户未授权当前接口"),
  INSUFFICIENT_ISV_PERMISSIONS(OpenCode.PERMISSIONS, "isv.insufficient-isv-permissions", "ISV权限不足"),
  APP_CALL_LIMITED(OpenCode.CALL_LIMITED, "isv.app-call-limited", "应用调用次数超限，包含调用频率超限"),
  UNKNOWN_IN_SERVICE(OpenCode.UNAVAILABLE, "isp.unknow-error", "服务暂不可用（业务系统不可用）"),
  UNKNOWN_IN_GATEWAY(OpenCode.UNAVAILABLE, "aop.unknow-error", "服务暂不可用（网关自身的未知错误）"),

  // Of trades.
  SYSTEM_ERROR(OpenCode.BUSINESS, "ACQ.SYSTEM_ERROR", "系统异常"),
  /// Spelt so in the channel's own table of alipay.trade.cancel.
  SYSTEM_ERROR_MISSPELT(OpenCode.BUSINESS, "AQC.SYSTEM_ERROR", "系统异常"),
  INVALID_PARAMETER(OpenCode.BUSINESS, "ACQ.INVALID_PARAMETER", "参数无效"),
  ACCESS_FORBIDDEN(OpenCode.BUSINESS, "ACQ.ACCESS_FORBIDDEN", "无权限使用接口"),
  TOTAL_FEE_EXCEED(OpenCode.BUSINESS, "ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内"),
  NOW_TIME_AFTER_EXPIRE_TIME(
      OpenCode.BUSINESS, "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "当前时间已超过允许支付的时间"),
  CONTEXT_INCONSISTENT(OpenCode.BUSINESS, "ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"),
  TRADE_HAS_SUCCESS(OpenCode.BUSINESS, "ACQ.TRADE_HAS_SUCCESS", "交易已被支付"),
  TRADE_HAS_CLOSE(OpenCode.BUSINESS, "ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
  TRADE_HAS_FINISHED(OpenCode.BUSINESS, "ACQ.TRADE_HAS_FINISHED", "交易已完结"),
  TRADE_NOT_EXIST(OpenCode.BUSINESS, "ACQ.TRADE_NOT_EXIST", "交易不存在"),
  TRADE_STATUS_ERROR(OpenCode.BUSINESS, "ACQ.TRADE_STATUS_ERROR", "交易状态不合法"),
  REASON_TRADE_STATUS_INVALID(OpenCode.BUSINESS, "ACQ.REASON_TRADE_STATUS_INVALID", "交易状态异常"),
  TRADE_BUYER_NOT_MATCH(OpenCode.BUSINESS, "ACQ.TRADE_BUYER_NOT_MATCH", "交易买家不匹配"),
  TRADE_CANCEL_TIME_OUT(OpenCode.BUSINESS, "ACQ.TRADE_CANCEL_TIME_OUT", "超过撤销时间范围"),
  BUYER_NOT_EXIST(OpenCode.BUSINESS, "ACQ.BUYER_NOT_EXIST", "买家不存在"),
  BUYER_SELLER_EQUAL(OpenCode.BUSINESS, "ACQ.BUYER_SELLER_EQUAL", "买卖家不能相同"),
  BUYER_ENABLE_STATUS_FORBID(OpenCode.BUSINESS, "ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法"),
  BUYER_BALANCE_NOT_ENOUGH(OpenCode.BUSINESS, "ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"),
  NO_PAYMENT_INSTRUMENTS_AVAILABLE(
      OpenCode.BUSINESS, "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具"),
  PAYMENT_FAIL(OpenCode.BUSINESS, "ACQ.PAYMENT_FAIL", "支付失败"),
  PAYMENT_AUTH_CODE_INVALID(
      OpenCode.BUSINESS, "ACQ.PAYMENT_AUTH_CODE_INVALID", "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款"),
  SELLER_BALANCE_NOT_ENOUGH(OpenCode.BUSINESS, "ACQ.SELLER_BALANCE_NOT_ENOUGH", "商户余额不足"),
  REFUND_AMT_NOT_EQUAL_TOTAL(OpenCode.BUSINESS, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限"),
  DISCORDANT_REPEAT_REQUEST(OpenCode.BUSINESS, "ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致"),

  // Of bills.
  BILL_NOT_EXIST(OpenCode.BUSINESS, "isp.bill_not_exist", "账单不存在"),
  /// Spelt so by the channel.
  INVALID_ARGUMENTS(OpenCode.BUSINESS, "INVAILID_ARGUMENTS", "入参不合法"),
  UNKNOWN_ERROR(OpenCode.BUSINESS, "UNKNOWN_ERROR", "未知错误");

  private final OpenCode code;
  private final String subCode;
  private final String text;

  Reason(OpenCode code, String subCode, String text) {
    this.code = code;
    this.subCode = subCode;
    this.text = text;
  }

  Refusal refusal() {
    return new Refusal(code, subCode, text);
  }

  /// With a text that says more.
  Refusal saying(String text) {
    return new Refusal(code, subCode, text);
  }

  /// With what is wrong behind the usual text, which clients often show.
  Refusal about(String detail) {
    return new Refusal(code, subCode, text + ": " + detail);
  }

  /// What a test asks for by a code alone: a first level (`20000`), a `sub_code` that stands here,
  /// or any other, whose first level then follows from its prefix.
  static Refusal named(String name, String text) {
    Refusal usual =
        Arrays.stream(values())
            .filter(reason -> reason.subCode.equalsIgnoreCase(name))
            .map(Reason::refusal)
            .findFirst()
            .or(() -> firstOf(name))
            .orElseGet(() -> new Refusal(codeOf(name), name, name));
    return text.isEmpty() ? usual : new Refusal(usual.code(), usual.subCode(), text);
  }

  private static Optional<Refusal> firstOf(String number) {
    return Arrays.stream(values())
        .filter(reason -> reason.code.number().equals(number))
        .map(Reason::refusal)
        .findFirst();
  }

  private static OpenCode codeOf(String subCode) {
    String lower = subCode.toLowerCase(Locale.ROOT);
    if (lower.startsWith("isv.")) {
      return OpenCode.INVALID;
    }
    return lower.startsWith("aop.") || lower.startsWith("isp.")
        ? OpenCode.UNAVAILABLE
        : OpenCode.BUSINESS;
  }
}
