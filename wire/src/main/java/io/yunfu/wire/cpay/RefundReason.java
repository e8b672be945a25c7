package io.yunfu.wire.cpay;

/// `refund_reason` as it comes back: with the operator and who lent the right, where the request
/// names the latter (OP-24).
public final class RefundReason {
  /// Unit: characters.
  private static final int LONGEST = 255;

  private RefundReason() {}

  public static String of(RefundRequest request) {
    String reason = request.reason().orElse("");
    return request
        .operator()
        .name()
        .map(name -> {
          String operator =
              request.client().staffId().or(request.operator()::authorizationStaffId).orElse("");
          return Texts.cut(reason + "\n操作者：" + operator + "\n授权者：" + name, LONGEST);
        })
        .orElse(reason);
  }
}
