package io.yunfu.server.api.admin;

import java.util.List;

/// The errors that every operation may answer with. Those of its own are declared in its area.
final class Errors {
  static final ErrorCode INVALID_REQUEST =
      ErrorCode.of(
          400, "InvalidRequest", "The request does not fit its declaration.", "请求不符合接口定义。");
  static final ErrorCode UNAUTHORIZED =
      ErrorCode.of(
          401,
          "Unauthorized",
          "This needs the header Authorization: Bearer TOKEN with a token of the admin API.",
          "请在 Authorization 头中携带管理 API 的 Bearer 令牌。");
  static final ErrorCode ADDRESS_NOT_ALLOWED =
      ErrorCode.of(
          403,
          "AddressNotAllowed",
          "The admin API may not be called from this address.",
          "不允许从该地址调用管理 API。");
  static final ErrorCode NO_SUCH_PATH =
      ErrorCode.of(404, "NoSuchPath", "There is nothing at this path.", "该路径不存在。");
  static final ErrorCode METHOD_NOT_ALLOWED =
      ErrorCode.of(
          405,
          "MethodNotAllowed",
          "This path does not take {0}, but {1}.",
          "该路径不支持 {0},支持的方法为 {1}。");
  static final ErrorCode BODY_TOO_LARGE =
      ErrorCode.of(413, "BodyTooLarge", "The body is larger than {0} bytes.", "请求体超过 {0} 字节。");
  static final ErrorCode UNSUPPORTED_MEDIA_TYPE =
      ErrorCode.of(
          415,
          "UnsupportedMediaType",
          "The body must be application/json in UTF-8.",
          "请求体必须是 UTF-8 编码的 application/json。");
  static final ErrorCode TOO_MANY_FAILURES =
      ErrorCode.of(
          429,
          "TooManyFailures",
          "Too many wrong tokens came from this address; try again in a minute.",
          "该地址提交的错误令牌过多,请一分钟后重试。");
  static final ErrorCode INTERNAL_ERROR =
      ErrorCode.of(
          500,
          "InternalError",
          "Something went wrong here; requestId finds it in the log.",
          "服务器内部错误,请凭 requestId 查找日志。");
  static final ErrorCode OUTCOME_UNKNOWN =
      ErrorCode.of(
          500,
          "OutcomeUnknown",
          "It is not known whether this took effect. Look before you repeat it, or repeat it with the"
              + " same Idempotency-Key.",
          "本次操作是否生效未知。请先查询,或使用相同的 Idempotency-Key 重试。");
  static final ErrorCode UNAVAILABLE =
      ErrorCode.of(
          503,
          "Unavailable",
          "The database cannot be asked at the moment. Nothing has changed; try again.",
          "数据库暂不可用。未发生任何变更,请稍后重试。");

  /// With another command before.
  static final ErrorCode KEY_REUSED =
      ErrorCode.of(
          422,
          "KeyReused",
          "This Idempotency-Key came with another request before.",
          "该 Idempotency-Key 已用于其他请求。");

  /// In the order of their status.
  static final List<ErrorCode> COMMON =
      List.of(
          INVALID_REQUEST,
          UNAUTHORIZED,
          ADDRESS_NOT_ALLOWED,
          NO_SUCH_PATH,
          METHOD_NOT_ALLOWED,
          BODY_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          TOO_MANY_FAILURES,
          INTERNAL_ERROR,
          OUTCOME_UNKNOWN,
          UNAVAILABLE);

  private Errors() {}
}
