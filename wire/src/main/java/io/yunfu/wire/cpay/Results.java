package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Status.FAILED;
import static io.yunfu.wire.cpay.Status.INVALID;
import static io.yunfu.wire.cpay.Status.NEEDS_NEW_NUMBER;
import static io.yunfu.wire.cpay.Status.SUCCESS;
import static io.yunfu.wire.cpay.Status.UNKNOWN;
import static io.yunfu.wire.cpay.Status.UNKNOWN_UNSIGNED;

import java.util.List;

/// Every result that a call can have. The numbers 0, 7 and 407, and the texts of 0 and 7, are
/// published; those from 90001 are ours, stable, and never used again for anything else. Source:
/// `cloudpay.md` section 4.2.
public final class Results {
  public static final ResultTemplate OK = result(SUCCESS, 0, "Done.", "操作成功。");

  public static final ResultTemplate WRONG_AUTHEN_CODE =
      result(
          INVALID,
          7,
          "The signature does not match: wrong key, or the signed text is not the text that was sent.",
          "参数authen_code错误.");

  public static final ResultTemplate BODY_UNREADABLE =
      result(INVALID, 90001, "The body is not a JSON object in UTF-8.", "请求体不是UTF-8编码的JSON对象。");
  public static final ResultTemplate BODY_TOO_LARGE =
      BODY_UNREADABLE.saying("The body is larger than {0} bytes.", "请求体超过{0}字节。");
  public static final ResultTemplate CONTENT_MISSING =
      result(
          INVALID,
          90002,
          "request_content is missing, empty or not a string.",
          "参数request_content缺失、为空或不是字符串。");
  public static final ResultTemplate CONTENT_UNREADABLE =
      result(
          INVALID,
          90003,
          "The text of request_content is not a JSON object.",
          "参数request_content的内容不是JSON对象。");
  public static final ResultTemplate AUTHENTICATION_MISSING =
      result(
          INVALID,
          90004,
          "authen_info is missing, or its code or signature is.",
          "参数authen_info缺失，或其中没有认证码。");
  public static final ResultTemplate AUTHENTICATION_UNSUPPORTED =
      result(
          INVALID,
          90005,
          "The kind of authentication is not supported, or not allowed for this call.",
          "认证类型不支持，或此接口不允许使用。");
  public static final ResultTemplate MERCHANT_UNKNOWN =
      result(
          INVALID,
          90006,
          "The sub-merchant or the shop is unknown or disabled.",
          "子商户或门店不存在，或已停用。");

  /// The general one of 90010; the others say what is wrong.
  public static final ResultTemplate FIELD_INVALID =
      result(INVALID, 90010, "The value of {0} is not acceptable.", "参数{0}的取值不正确。");

  public static final ResultTemplate FIELD_MISSING =
      FIELD_INVALID.saying("{0} is missing.", "缺少参数{0}。");
  public static final ResultTemplate FIELD_TYPE =
      FIELD_INVALID.saying("{0} must be of type {1}.", "参数{0}的类型必须是{1}。");
  public static final ResultTemplate FIELD_TOO_LONG =
      FIELD_INVALID.saying("{0} is longer than {1} characters.", "参数{0}超过{1}个字符。");
  public static final ResultTemplate FIELD_NOT_TEXT =
      FIELD_INVALID.saying("{0} holds U+0000 or half a surrogate pair.", "参数{0}含有U+0000或不成对的代理字符。");
  public static final ResultTemplate FIELD_OUT_OF_RANGE =
      FIELD_INVALID.saying("{0} must be from {1} to {2}.", "参数{0}必须在{1}到{2}之间。");
  public static final ResultTemplate ONE_FIELD_NEEDED =
      FIELD_INVALID.saying("One of {0} and {1} is needed.", "参数{0}与{1}至少填写一个。");
  public static final ResultTemplate NUMBER_MALFORMED =
      FIELD_INVALID.saying(
          "{0} must have 6 to 32 characters: letters, digits, _; for WeChat Pay also -, *, |.",
          "参数{0}必须为6到32个字符：字母、数字、_，微信支付另可用-、*、|。");
  public static final ResultTemplate EXPIRY_PAST =
      FIELD_INVALID.saying("{0} is in the past.", "参数{0}早于当前时间。");
  public static final ResultTemplate APP_ID_NOT_CONFIGURED =
      FIELD_INVALID.saying(
          "{0} is not an app id that is configured for this merchant.", "参数{0}不是该商户已配置的app_id。");
  public static final ResultTemplate SUB_APP_ID_NEEDED =
      FIELD_INVALID.saying(
          "sub_open_id needs {0}: neither the request nor the sub-merchant has one.",
          "使用sub_open_id时需要{0}，请求与子商户配置中均没有。");
  public static final ResultTemplate AMOUNT_DIFFERS =
      FIELD_INVALID.saying("{0} is not the amount of the order.", "参数{0}与订单金额不一致。");

  public static final ResultTemplate NOT_RELATED =
      result(
          INVALID,
          90011,
          "Provider, sub-merchant and shop do not belong together.",
          "服务商、子商户与门店不匹配。");

  public static final ResultTemplate WRONG_PREFIX =
      result(
          NEEDS_NEW_NUMBER,
          90012,
          "{0} does not begin with a prefix of the sub-merchant.",
          "参数{0}不是以子商户的订单前缀开头。");
  public static final ResultTemplate NUMBER_USED =
      result(
          NEEDS_NEW_NUMBER, 407, "{0} exists already, with other content.", "参数{0}已存在，且金额或其他内容不同。");

  /// The same on calls that scan a payment code: the earlier order may be paid, so that the caller
  /// must not reverse it.
  public static final ResultTemplate CODE_NUMBER_USED = at(FAILED, NUMBER_USED);

  public static final ResultTemplate NOT_FOUND =
      result(FAILED, 90020, "There is no such order.", "订单不存在。");
  public static final ResultTemplate REFUND_NOT_FOUND =
      NOT_FOUND.saying("There is no such refund.", "退款单不存在。");

  /// On a call that makes an order.
  public static final ResultTemplate ALREADY_PAID =
      result(NEEDS_NEW_NUMBER, 90021, "The order is paid already.", "订单已支付。");

  /// On `close_order`.
  public static final ResultTemplate PAID_NOT_CLOSED =
      at(FAILED, ALREADY_PAID).saying("The order is paid and cannot be closed.", "订单已支付，不能关闭。");

  public static final ResultTemplate CLOSED_OR_EXPIRED =
      result(NEEDS_NEW_NUMBER, 90022, "The order is closed or expired.", "订单已关闭或已过期。");
  public static final ResultTemplate USE_REVERSE =
      result(
          FAILED,
          90023,
          "An order by payment code is reversed, not closed.",
          "付款码订单请使用撤销接口reverse。");
  public static final ResultTemplate AMOUNT_EXCEEDED =
      result(FAILED, 90024, "The amount exceeds what is left to refund.", "退款金额超过可退金额。");
  public static final ResultTemplate NOT_REFUNDABLE =
      result(
          FAILED, 90025, "The order is not paid, or cannot be refunded any more.", "订单未支付，或已不能退款。");
  public static final ResultTemplate NO_REFUND_RIGHT =
      result(FAILED, 90026, "The operator has no right to refund.", "操作者没有退款权限。");
  public static final ResultTemplate CHANNEL_NOT_CONFIGURED =
      result(FAILED, 90030, "The sub-merchant cannot use this channel.", "子商户未开通该支付方式。");
  public static final ResultTemplate CHANNEL_REFUSED =
      result(FAILED, 90031, "The channel refuses: {0}", "{0}");
  public static final ResultTemplate CHANNEL_UNKNOWN =
      result(
          UNKNOWN,
          90032,
          "The outcome is not known yet: repeat the same request, or query.",
          "结果未知，请稍后用相同请求重试，或查询。");

  public static final ResultTemplate INTERNAL_ERROR =
      result(UNKNOWN_UNSIGNED, 90099, "An internal error; nothing was done.", "系统繁忙，请用相同请求重试。");

  /// One for each pair of numbers, in the order of the published list.
  public static final List<ResultTemplate> ALL =
      List.of(
          OK,
          WRONG_AUTHEN_CODE,
          NUMBER_USED,
          CODE_NUMBER_USED,
          BODY_UNREADABLE,
          CONTENT_MISSING,
          CONTENT_UNREADABLE,
          AUTHENTICATION_MISSING,
          AUTHENTICATION_UNSUPPORTED,
          MERCHANT_UNKNOWN,
          FIELD_INVALID,
          NOT_RELATED,
          WRONG_PREFIX,
          NOT_FOUND,
          ALREADY_PAID,
          PAID_NOT_CLOSED,
          CLOSED_OR_EXPIRED,
          USE_REVERSE,
          AMOUNT_EXCEEDED,
          NOT_REFUNDABLE,
          NO_REFUND_RIGHT,
          CHANNEL_NOT_CONFIGURED,
          CHANNEL_REFUSED,
          CHANNEL_UNKNOWN,
          INTERNAL_ERROR);

  private Results() {}

  private static ResultTemplate result(
      Status status, int internalStatus, String english, String chinese) {
    return new ResultTemplate(status, internalStatus, english, chinese);
  }

  private static ResultTemplate at(Status status, ResultTemplate other) {
    return new ResultTemplate(status, other.internalStatus(), other.english(), other.chinese());
  }
}
