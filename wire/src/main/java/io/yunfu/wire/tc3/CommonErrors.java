package io.yunfu.wire.tc3;

import java.util.List;

/// The common error list of API 3.0, complete, also where we never return a code. Source: billing
/// 2018-07-09, "Common error codes" (section 1.12); the messages are ours.
public final class CommonErrors {
  public static final ErrorTemplate ACTION_OFFLINE =
      error("ActionOffline", "Action `{0}` has been taken offline.", "接口 `{0}` 已下线。");
  public static final ErrorTemplate INVALID_AUTHORIZATION =
      error(
          "AuthFailure.InvalidAuthorization",
          "The Authorization header is not well-formed.",
          "请求头 Authorization 格式不正确。");
  public static final ErrorTemplate INVALID_SECRET_ID =
      error(
          "AuthFailure.InvalidSecretId",
          "This SecretId cannot be used for API calls.",
          "该 SecretId 不能用于调用 API。");
  public static final ErrorTemplate MFA_FAILURE =
      error("AuthFailure.MFAFailure", "MFA verification failed.", "MFA 校验失败。");
  public static final ErrorTemplate SECRET_ID_NOT_FOUND =
      error(
          "AuthFailure.SecretIdNotFound",
          "No such SecretId; check it for typos and blanks.",
          "SecretId 不存在，请检查是否有误或含有空格。");
  public static final ErrorTemplate SIGNATURE_EXPIRE =
      error(
          "AuthFailure.SignatureExpire",
          "Timestamp `{0}` is outside the 5 minute window.",
          "时间戳 `{0}` 与服务器时间相差超过 5 分钟。");
  public static final ErrorTemplate SIGNATURE_FAILURE =
      error(
          "AuthFailure.SignatureFailure", "The signature does not match the request.", "签名与请求不匹配。");
  public static final ErrorTemplate TOKEN_FAILURE =
      error("AuthFailure.TokenFailure", "The security token is not valid.", "安全令牌无效。");
  public static final ErrorTemplate UNAUTHORIZED_CALL =
      error("AuthFailure.UnauthorizedOperation", "Not authorised to call `{0}`.", "无权调用 `{0}`。");
  public static final ErrorTemplate DRY_RUN_OPERATION =
      error(
          "DryRunOperation",
          "The request would have succeeded, but it was a dry run.",
          "请求可以成功，但本次仅为预检。");
  public static final ErrorTemplate FAILED_OPERATION =
      error("FailedOperation", "The operation failed.", "操作失败。");
  public static final ErrorTemplate INTERNAL_ERROR =
      error("InternalError", "Internal error, please retry.", "内部错误，请重试。");
  public static final ErrorTemplate INVALID_ACTION =
      error(
          "InvalidAction",
          "Action `{0}` does not exist in version `{1}`.",
          "版本 `{1}` 中不存在接口 `{0}`。");
  public static final ErrorTemplate INVALID_PARAMETER =
      error("InvalidParameter", "Parameter `{0}` must be of type `{1}`.", "参数 `{0}` 的类型必须是 `{1}`。");
  public static final ErrorTemplate INVALID_PARAMETER_VALUE =
      error(
          "InvalidParameterValue",
          "Value `{0}` of parameter `{1}` is not acceptable.",
          "参数 `{1}` 的取值 `{0}` 不正确。");
  public static final ErrorTemplate INVALID_REQUEST =
      error("InvalidRequest", "The multipart body is malformed.", "multipart 请求体格式不正确。");
  public static final ErrorTemplate IP_IN_BLACKLIST =
      error("IpInBlacklist", "Address not allowed.", "该地址不允许访问。");
  public static final ErrorTemplate IP_NOT_IN_WHITELIST =
      error("IpNotInWhitelist", "Address not allowed.", "该地址不允许访问。");
  public static final ErrorTemplate LIMIT_EXCEEDED =
      error("LimitExceeded", "`{0}` exceeded.", "超出配额 `{0}`。");
  public static final ErrorTemplate MISSING_PARAMETER =
      error("MissingParameter", "Required parameter `{0}` is missing.", "缺少必填参数 `{0}`。");
  public static final ErrorTemplate NO_SUCH_PRODUCT =
      error("NoSuchProduct", "Unknown product.", "产品不存在。");
  public static final ErrorTemplate NO_SUCH_VERSION =
      error("NoSuchVersion", "Version `{0}` does not exist.", "接口版本 `{0}` 不存在。");
  public static final ErrorTemplate REQUEST_LIMIT_EXCEEDED =
      error(
          "RequestLimitExceeded",
          "`{0}` calls in this second, the limit is `{1}`.",
          "本秒内已调用 `{0}` 次，上限为 `{1}` 次。");
  public static final ErrorTemplate GLOBAL_REGION_UIN_LIMIT_EXCEEDED =
      error(
          "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
          "Too many calls from this account in all regions.",
          "该账号在所有地域的调用次数超限。");
  public static final ErrorTemplate IP_LIMIT_EXCEEDED =
      error(
          "RequestLimitExceeded.IPLimitExceeded",
          "Too many calls from this address.",
          "该地址的调用次数超限。");
  public static final ErrorTemplate UIN_LIMIT_EXCEEDED =
      error(
          "RequestLimitExceeded.UinLimitExceeded",
          "Too many calls from this account.",
          "该账号的调用次数超限。");
  public static final ErrorTemplate REQUEST_SIZE_LIMIT_EXCEEDED =
      error("RequestSizeLimitExceeded", "The request is larger than allowed.", "请求大小超过限制。");
  public static final ErrorTemplate RESOURCE_IN_USE =
      error("ResourceInUse", "The resource is in use.", "资源被占用。");
  public static final ErrorTemplate RESOURCE_INSUFFICIENT =
      error("ResourceInsufficient", "There are not enough resources.", "资源不足。");
  public static final ErrorTemplate RESOURCE_NOT_FOUND =
      error("ResourceNotFound", "The resource does not exist.", "资源不存在。");
  public static final ErrorTemplate RESOURCE_UNAVAILABLE =
      error("ResourceUnavailable", "The resource is not available.", "资源不可用。");
  public static final ErrorTemplate RESPONSE_SIZE_LIMIT_EXCEEDED =
      error("ResponseSizeLimitExceeded", "The response would be too large.", "返回结果超过大小限制。");
  public static final ErrorTemplate SERVICE_UNAVAILABLE =
      error("ServiceUnavailable", "Temporarily unavailable.", "服务暂时不可用。");
  public static final ErrorTemplate UNAUTHORIZED_OPERATION =
      error("UnauthorizedOperation", "Operation not allowed.", "未授权操作。");
  public static final ErrorTemplate UNKNOWN_PARAMETER =
      error("UnknownParameter", "Parameter `{0}` is not known.", "未知参数 `{0}`。");
  public static final ErrorTemplate UNSUPPORTED_OPERATION =
      error("UnsupportedOperation", "Not supported.", "不支持的操作。");
  public static final ErrorTemplate UNSUPPORTED_PROTOCOL =
      error("UnsupportedProtocol", "Only GET and POST are supported.", "仅支持 GET 和 POST 请求。");
  public static final ErrorTemplate UNSUPPORTED_REGION =
      error("UnsupportedRegion", "The region is not supported.", "不支持该地域。");

  /// In the order of the published list.
  public static final List<ErrorTemplate> ALL =
      List.of(
          ACTION_OFFLINE,
          INVALID_AUTHORIZATION,
          INVALID_SECRET_ID,
          MFA_FAILURE,
          SECRET_ID_NOT_FOUND,
          SIGNATURE_EXPIRE,
          SIGNATURE_FAILURE,
          TOKEN_FAILURE,
          UNAUTHORIZED_CALL,
          DRY_RUN_OPERATION,
          FAILED_OPERATION,
          INTERNAL_ERROR,
          INVALID_ACTION,
          INVALID_PARAMETER,
          INVALID_PARAMETER_VALUE,
          INVALID_REQUEST,
          IP_IN_BLACKLIST,
          IP_NOT_IN_WHITELIST,
          LIMIT_EXCEEDED,
          MISSING_PARAMETER,
          NO_SUCH_PRODUCT,
          NO_SUCH_VERSION,
          REQUEST_LIMIT_EXCEEDED,
          GLOBAL_REGION_UIN_LIMIT_EXCEEDED,
          IP_LIMIT_EXCEEDED,
          UIN_LIMIT_EXCEEDED,
          REQUEST_SIZE_LIMIT_EXCEEDED,
          RESOURCE_IN_USE,
          RESOURCE_INSUFFICIENT,
          RESOURCE_NOT_FOUND,
          RESOURCE_UNAVAILABLE,
          RESPONSE_SIZE_LIMIT_EXCEEDED,
          SERVICE_UNAVAILABLE,
          UNAUTHORIZED_OPERATION,
          UNKNOWN_PARAMETER,
          UNSUPPORTED_OPERATION,
          UNSUPPORTED_PROTOCOL,
          UNSUPPORTED_REGION);

  private CommonErrors() {}

  private static ErrorTemplate error(String code, String english, String chinese) {
    return new ErrorTemplate(code, english, chinese);
  }
}
