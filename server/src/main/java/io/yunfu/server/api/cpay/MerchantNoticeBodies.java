package io.yunfu.server.api.cpay;

import static io.yunfu.gateway.merchant.Merchant.Acknowledgement.ENVELOPE_STATUS;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.notice.MerchantNotice;
import io.yunfu.gateway.notice.NoticeBodies;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.kernel.CellId;
import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.NoticeAnswer;
import io.yunfu.wire.cpay.Notification;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.RefundNotification;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/// What merchants are told of payments and refunds, in the words of the wire and signed with the
/// key that the provider has chosen. Source: `cloudpay.md` sections 1.4, 2.20.
public final class MerchantNoticeBodies implements NoticeBodies {
  private final Merchants merchants;
  private final Payments payments;
  private final boolean wholeOnly;
  private final Supplier<String> nonces;

  /// @param wholeOnly see [PaymentOrder#stateNumber]
  public MerchantNoticeBodies(
      Merchants merchants, Payments payments, boolean wholeOnly, Supplier<String> nonces) {
    this.merchants = merchants;
    this.payments = payments;
    this.wholeOnly = wholeOnly;
    this.nonces = nonces;
  }

  @Override
  public Optional<Outgoing> encode(CellId cell, MerchantNotice notice) {
    Merchant merchant = merchants.byNumber(cell, notice.merchant()).orElseThrow();
    return merchant
        .notices()
        .callback()
        .map(url -> outgoing(merchant, url, body(merchant, notice)));
  }

  private static Outgoing outgoing(Merchant merchant, URI url, byte[] body) {
    return new Outgoing(
        url, body, merchant.notices().acknowledgement(), merchant.notices().schedule());
  }

  private byte[] body(Merchant merchant, MerchantNotice notice) {
    AuthenKey key = AuthenKey.of(merchant.noticeKey().reveal());
    PaymentOrder order = payments.find(notice.payment()).orElseThrow();
    if (notice.refund().isEmpty()) {
      return paid(merchant, order).signed(key);
    }
    Refund refund = payments.findRefund(notice.refund().get()).orElseThrow();
    return refunded(merchant, order, refund).signed(key);
  }

  private Notification paid(Merchant merchant, PaymentOrder order) {
    return new Notification(
        Written.key(merchant, order, Written.toldPayer(merchant, order)),
        Written.content(order, wholeOnly),
        nonces.get(),
        new Payload.ShopClient(Written.client(order.details().terminal()), Optional.empty()));
  }

  private RefundNotification refunded(Merchant merchant, PaymentOrder order, Refund refund) {
    return new RefundNotification(
        Written.key(merchant, order, Written.toldPayer(merchant, order)),
        WrittenRefund.content(order, refund),
        nonces.get());
  }

  @Override
  public boolean takes(Merchant.Acknowledgement acknowledgement, byte[] answer) {
    return acknowledgement != ENVELOPE_STATUS || !NoticeAnswer.refuses(answer);
  }
}
