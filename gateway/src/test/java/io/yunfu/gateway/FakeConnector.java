package io.yunfu.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.Evidence;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A channel in memory, for tests of everything above it: it knows orders and refunds, and is
/// silent when told to. Its notices are bodies that name a transaction; those that begin with
/// `forged` are not its own.
public final class FakeConnector implements Connector {
  /// Orders by number, and who paid them: transactions, amounts.
  private final Map<String, CreateOrder> orders = new ConcurrentHashMap<>();

  private final Map<String, OrderReport.Payment> payments = new ConcurrentHashMap<>();
  private final Map<String, RefundOrder> refunds = new ConcurrentHashMap<>();
  private final Map<String, Boolean> closed = new ConcurrentHashMap<>();
  private final AtomicInteger creates = new AtomicInteger();
  private volatile boolean silent;
  private volatile RefundReport.State refundState = RefundReport.State.SUCCESS;

  /// From now on nothing is answered; what arrives takes effect all the same.
  public void fallSilent(boolean isSilent) {
    silent = isSilent;
  }

  /// What becomes of refunds from now on.
  public void refundsEndAs(RefundReport.State state) {
    refundState = state;
  }

  public int creates() {
    return creates.get();
  }

  /// The payer pays.
  public OrderReport.Payment pay(String number, String transaction, Money amount, Instant at) {
    var payment =
        new OrderReport.Payment(
            transaction,
            amount,
            Optional.of(amount),
            Optional.empty(),
            Optional.of(at),
            List.of(),
            new OrderReport.WechatDetail(Optional.empty(), Optional.of("o1"), "CFT", ""));
    payments.put(number, payment);
    return payment;
  }

  /// How the channel would report that payment.
  public static byte[] notice(String number) {
    return ("about " + number).getBytes(UTF_8);
  }

  @Override
  public PayPlatform platform() {
    return PayPlatform.WECHAT;
  }

  @Override
  public Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    creates.incrementAndGet();
    orders.put(order.outTradeNo(), order);
    return answer(new Prepaid("wx" + order.outTradeNo()));
  }

  @Override
  public PageArguments page(
      ChannelAccount account,
      Payer payer,
      Prepaid prepaid,
      Optional<ChannelAccount.SignType> signType,
      Instant now) {
    return new PageArguments.Wechat(
        "wxapp", "1", "n", "prepay_id=" + prepaid.reference(), ChannelAccount.SignType.MD5, "S");
  }

  @Override
  public Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    return answer(report(order.outTradeNo()));
  }

  private OrderReport report(String number) {
    var payment = Optional.ofNullable(payments.get(number));
    OrderReport.State state =
        payment.isPresent()
            ? OrderReport.State.PAID
            : closed.containsKey(number)
                ? OrderReport.State.CLOSED
                : orders.containsKey(number)
                    ? OrderReport.State.WAITING
                    : OrderReport.State.NOT_EXIST;
    return new OrderReport(number, state, "", payment);
  }

  @Override
  public Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    closed.put(order.outTradeNo(), true);
    return answer(new Closed());
  }

  @Override
  public Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    refunds.put(refund.outRefundNo(), refund);
    return answer(refundReport(refund, RefundReport.State.PROCESSING));
  }

  @Override
  public Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference reference) {
    RefundOrder refund = refunds.get(reference.outRefundNo());
    return answer(
        refund == null
            ? new RefundReport(
                reference.order().outTradeNo(),
                reference.outRefundNo(),
                RefundReport.State.NOT_EXIST,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())
            : refundReport(refund, refundState));
  }

  private static RefundReport refundReport(RefundOrder refund, RefundReport.State state) {
    return new RefundReport(
        refund.order().outTradeNo(),
        refund.outRefundNo(),
        state,
        Optional.of("r" + refund.outRefundNo()),
        Optional.of(refund.amount()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    String text = new String(body, UTF_8);
    return text.contains("about ")
        ? Optional.of(
            new ChannelNotice.Subject(Optional.of(text.substring(text.indexOf("about ") + 6))))
        : Optional.empty();
  }

  @Override
  public ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    return new String(body, UTF_8).startsWith("forged")
        ? new ChannelNotice.Rejected("the signature is wrong")
        : new ChannelNotice.AboutOrder(report(order.orElseThrow().outTradeNo()), Optional.empty());
  }

  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return new ChannelNotice.Acknowledgement("text/plain", refusal.orElse("success"));
  }

  @Override
  public void close() {}

  private <T> Answer<T> answer(T value) {
    var evidence = new Evidence("fake", "here", silent ? 0 : 200, !silent, "", 1, Duration.ZERO);
    return silent
        ? new Answer.Unknown<>("", "no answer", evidence)
        : new Answer.Done<>(value, evidence);
  }
}
