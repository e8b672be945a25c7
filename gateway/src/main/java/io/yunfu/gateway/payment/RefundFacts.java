package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.channel.RefundReport.AlipayDetail;
import io.yunfu.gateway.channel.RefundReport.WechatDetail;
import io.yunfu.kernel.Money;
import java.util.Optional;

/// What the channel said of a refund, in the form that is kept.
public record RefundFacts(
    Optional<Money> settlement, Optional<WechatDetail> wechat, Optional<AlipayDetail> alipay) {
  static RefundFacts of(RefundReport report) {
    return new RefundFacts(
        report.settlement(),
        report.detail().filter(WechatDetail.class::isInstance).map(WechatDetail.class::cast),
        report.detail().filter(AlipayDetail.class::isInstance).map(AlipayDetail.class::cast));
  }
}
