package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.payment.AttemptStore.Question;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks channels. Of each question that can move money there is a record: whoever asks writes it
/// and commits before the first byte leaves, so that a crash leaves a question without an answer,
/// never an answer without a question; and completes it in the transaction that writes what follows
/// from the answer. Source: `channels.md` section 1.3.
final class ChannelCalls {
  private final Map<PayPlatform, Connector> connectors;
  private final InstantSource clock;
  private final NoticeAddresses addresses;

  ChannelCalls(
      Map<PayPlatform, Connector> connectors, InstantSource clock, NoticeAddresses addresses) {
    this.connectors = Map.copyOf(connectors);
    this.clock = clock;
    this.addresses = addresses;
  }

  /// The connector of a channel; empty when this installation has none.
  Optional<Connector> connector(PayPlatform platform) {
    return Optional.ofNullable(connectors.get(platform));
  }

  /// The account under which an order was made: its app ids may be others than the first.
  static Optional<ChannelAccount> account(Merchant merchant, PaymentOrder order) {
    return merchant
        .account(order.platform())
        .map(account ->
            switch (account) {
              case ChannelAccount.Wechat wechat ->
                  new ChannelAccount.Wechat(
                      wechat.merchantNumber(),
                      order.details().appId(),
                      wechat.subMerchantNumber(),
                      Optional.of(order.details().subAppId()).filter(id -> !id.isEmpty()),
                      wechat.apiKey(),
                      wechat.oldKey(),
                      order.signType().orElse(SignType.MD5),
                      wechat.certificate());
              case ChannelAccount.Alipay alipay -> alipay;
            });
  }

  /// What [#create] asks.
  Question toCreate(Cell cell, Merchant merchant, PaymentOrder order, byte[] fingerprint) {
    return question(cell, merchant, order, null, Connector.Call.CREATE, fingerprint);
  }

  /// What [#close] asks.
  Question toClose(Cell cell, Merchant merchant, PaymentOrder order, byte[] fingerprint) {
    return question(cell, merchant, order, null, Connector.Call.CLOSE, fingerprint);
  }

  /// What [#refund] asks.
  Question toRefund(
      Cell cell, Merchant merchant, PaymentOrder order, long refund, byte[] fingerprint) {
    return question(cell, merchant, order, refund, Connector.Call.REFUND, fingerprint);
  }

  /// What a channel said, and how that completes the record of the question.
  record Replied<T>(Answer<T> answer, AttemptStore.Ended ended) {}

  /// @param question is durable
  Replied<Prepaid> create(Merchant merchant, PaymentOrder order, Question question) {
    Connector connector = connector(order.platform()).orElseThrow();
    ChannelAccount account = account(merchant, order).orElseThrow();
    return replied(question, connector.create(account, createOrder(merchant, order)));
  }

  Answer<OrderReport> query(Merchant merchant, PaymentOrder order) {
    return query(merchant, order, order.reference());
  }

  /// About one payment of several that an order may have.
  Answer<OrderReport> query(Merchant merchant, PaymentOrder order, OrderReference reference) {
    return connector(order.platform())
        .orElseThrow()
        .query(account(merchant, order).orElseThrow(), reference);
  }

  /// @param staffId who closes it
  /// @param question is durable
  Replied<Connector.Closed> close(
      Merchant merchant, PaymentOrder order, Optional<String> staffId, Question question) {
    Connector connector = connector(order.platform()).orElseThrow();
    ChannelAccount account = account(merchant, order).orElseThrow();
    return replied(question, connector.close(account, order.reference(), staffId));
  }

  /// @param question is durable
  Replied<RefundReport> refund(
      Merchant merchant, PaymentOrder order, Refund refund, Question question) {
    Connector connector = connector(order.platform()).orElseThrow();
    ChannelAccount account = account(merchant, order).orElseThrow();
    return replied(question, connector.refund(account, refundOrder(merchant, order, refund)));
  }

  Answer<RefundReport> queryRefund(Merchant merchant, PaymentOrder order, Refund refund) {
    return connector(order.platform())
        .orElseThrow()
        .queryRefund(
            account(merchant, order).orElseThrow(),
            refundOrder(merchant, order, refund).reference());
  }

  /// @param numbers where the channel does not list them
  Answer<List<RefundReport>> refunds(Merchant merchant, PaymentOrder order, List<String> numbers) {
    return connector(order.platform())
        .orElseThrow()
        .refunds(account(merchant, order).orElseThrow(), order.reference(), numbers);
  }

  static Payer payer(PaymentOrder order) {
    OrderDetails details = order.details();
    return switch (order.platform()) {
      case WECHAT ->
          new Payer.WechatUser(
              Optional.of(details.openId()).filter(id -> !id.isEmpty()),
              Optional.of(details.subOpenId()).filter(id -> !id.isEmpty()));
      case ALIPAY -> new Payer.AlipayUser(details.userId());
    };
  }

  private CreateOrder createOrder(Merchant merchant, PaymentOrder order) {
    OrderDetails details = order.details();
    return new CreateOrder(
        order.outTradeNo(),
        order.total(),
        details.body(),
        details.detail(),
        details.remark(),
        order.createdAt(),
        order.expiresAt(),
        details.wechat(),
        payer(order),
        terminal(details.terminal()),
        shop(merchant, order),
        addresses.of(order, ChannelNotice.Kind.PAYMENT));
  }

  private RefundOrder refundOrder(Merchant merchant, PaymentOrder order, Refund refund) {
    OrderReference reference =
        refund
            .transactionId()
            .map(other ->
                new OrderReference(
                    order.outTradeNo(), Optional.of(other), order.total(), order.signType()))
            .orElseGet(order::reference);
    return new RefundOrder(
        reference,
        refund.outRefundNo(),
        refund.amount(),
        refund.details().reason(),
        refund.details().refundAccount(),
        terminal(refund.details().terminal()),
        shop(merchant, order),
        addresses.of(order, ChannelNotice.Kind.REFUND));
  }

  private static CreateOrder.Terminal terminal(OrderDetails.Terminal terminal) {
    return new CreateOrder.Terminal(terminal.deviceId(), terminal.staffId(), terminal.address());
  }

  private static CreateOrder.Shop shop(Merchant merchant, PaymentOrder order) {
    String name = merchant.shop(order.shop()).map(Merchant.Shop::name).orElse("");
    return new CreateOrder.Shop(order.shop().value(), name);
  }

  private Question question(
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      @Nullable Long refund,
      Connector.Call call,
      byte[] fingerprint) {
    Instant now = clock.instant();
    return new Question(
        cell.ids().next(),
        order.id(),
        refund,
        call.name().toLowerCase(Locale.ROOT),
        fingerprint,
        order.signType().map(SignType::code).orElse(null),
        account(merchant, order).map(ChannelAccount::named).orElse(""),
        now,
        now.plus(connector(order.platform()).orElseThrow().longest(call)));
  }

  private <T> Replied<T> replied(Question question, Answer<T> answer) {
    return new Replied<>(answer, new AttemptStore.Ended(question.id(), answer, clock.instant()));
  }
}
