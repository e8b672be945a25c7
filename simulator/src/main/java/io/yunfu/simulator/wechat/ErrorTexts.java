package io.yunfu.simulator.wechat;

import java.util.Map;

/// What the channel writes beside its codes. Source: its pages on the calls of version 2.
final class ErrorTexts {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配"),
          Map.entry("APPID_NOT_EXIST", "APPID不存在"),
          Map.entry("AUTHCODEEXPIRE", "二维码已过期，请用户在微信上刷新后再试"),
          Map.entry("AUTH_CODE_ERROR", "付款码错误"),
          Map.entry("AUTH_CODE_INVALID", "授权码检验错误"),
          Map.entry("BANKERROR", "银行系统异常"),
          Map.entry("BIZERR_NEED_RETRY", "退款业务流程错误，需要商户触发重试来解决"),
          Map.entry("BUYER_MISMATCH", "支付帐号错误"),
          Map.entry("CERT_ERROR", "证书校验错误"),
          Map.entry("ERROR", "业务错误"),
          Map.entry("FREQUENCY_LIMITED", "频率限制"),
          Map.entry("INVALID_REQUEST", "参数错误"),
          Map.entry("INVALID_REQ_TOO_MUCH", "无效请求过多"),
          Map.entry("INVALID_TRANSACTIONID", "无效transaction_id"),
          Map.entry("LACK_PARAMS", "缺少参数"),
          Map.entry("MCHID_NOT_EXIST", "MCHID不存在"),
          Map.entry("NOAUTH", "商户无此接口权限"),
          Map.entry("NOTENOUGH", "余额不足"),
          Map.entry("NOTSUPORTCARD", "不支持卡类型"),
          Map.entry("NOT_UTF8", "编码格式错误"),
          Map.entry("ORDERCLOSED", "订单已关闭"),
          Map.entry("ORDERNOTEXIST", "此交易订单号不存在"),
          Map.entry("ORDERPAID", "商户订单已支付"),
          Map.entry("ORDERREVERSED", "订单已撤销"),
          Map.entry("OUT_TRADE_NO_USED", "商户订单号重复"),
          Map.entry("PARAM_ERROR", "参数错误"),
          Map.entry("POST_DATA_EMPTY", "post数据为空"),
          Map.entry("RATELIMIT_EXCEEDED", "请求频率超过限制"),
          Map.entry("REFUNDNOTEXIST", "退款订单查询失败"),
          Map.entry("REQUIRE_POST_METHOD", "请使用post方法"),
          Map.entry("REVERSE_EXPIRE", "订单无法撤销"),
          Map.entry("SIGNERROR", "签名错误"),
          Map.entry("SYSTEMERROR", "系统错误"),
          Map.entry("TRADE_ERROR", "交易错误"),
          Map.entry("TRADE_OVERDUE", "订单已经超过可退款的最大期限"),
          Map.entry("TRADE_STATE_ERROR", "订单状态错误"),
          Map.entry("USERPAYING", "用户支付中，需要输入密码"),
          Map.entry("USER_ACCOUNT_ABNORMAL", "退款请求失败，用户帐号注销"),
          Map.entry("XML_FORMAT_ERROR", "XML格式错误"));

  private ErrorTexts() {}

  static String of(String code) {
    return TEXTS.getOrDefault(code, code);
  }
}
