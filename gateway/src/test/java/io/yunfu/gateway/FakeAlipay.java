package io.yunfu.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Alipay in memory, for tests of everything above it. Unlike WeChat Pay ([FakeConnector]) it names
/// its trade at once, does refunds at once, also answers a repeated one with what became of it (the
/// connector asks), and calls an order refunded when all of it went back. Its notices are bodies
/// that name an order.
public final class FakeAlipay implements Connector {
  /// What it says of days that are over.
  public final FakeBills bills = new FakeBills();

  private final Map<String, CreateOrder> orders = new HashMap<>();
  private final Map<String, OrderReport.Payment> payments = new HashMap<>();
  private final Map<String, RefundOrder> refunds = new LinkedHashMap<>();

  /// By refund: what the merchant gave.
  private final Map<String, Money> settlements = new HashMap<>();

  private int refundsAsked;
  private final Set<String> finished = new HashSet<>();
  private Optional<Answer.Refused<RefundReport>> refusal = Optional.empty();
  private boolean silent;
  private boolean refundsComeToNothing;
  private int notices = 1;

  /// From now on nothing is answered; what arrives takes effect all the same.
  public synchronized void fallSilent(boolean isSilent) {
    silent = isSilent;
  }

  /// From now on refunds are answered, and no money moves, and nothing is there.
  public synchronized void refundsComeToNothing(boolean doThey) {
    refundsComeToNothing = doThey;
  }

  /// From now on refunds are refused so.
  public synchronized void refuseRefunds(Answer.Reason reason, String code) {
    refusal = Optional.of(new Answer.Refused<>(reason, code, "no", false, evidence()));
  }

  /// Takes no refunds of a paid order any more.
  public synchronized void finish(String number) {
    finished.add(number);
    notices++;
  }

  /// How often a refund was asked for.
  public synchronized int refundsAsked() {
    return refundsAsked;
  }

  /// What went back of an order, in fen.
  public synchronized long refunded(String number) {
    return refunds.values().stream()
        .filter(refund -> refund.order().outTradeNo().equals(number))
        .mapToLong(refund -> refund.amount().cents())
        .sum();
  }

  /// The payer pays.
  public void pay(String number, Instant at) {
    payWithCoupon(number, 0, at);
  }

  /// The payer pays all but what a coupon of the merchant pays, in fen.
  public synchronized void payWithCoupon(String number, long coupon, Instant at) {
    var total = orders.get(number).total();
    var rest = total.minus(Money.cny(coupon));
    payments.put(
        number,
        new OrderReport.Payment(
            trade(number),
            total,
            Optional.of(rest),
            Optional.of(rest),
            Optional.of(at),
            List.of(),
            detail(at, Optional.empty())));
  }

  /// The merchant gives money back in the channel's own console.
  public synchronized void refundOutside(String number, String outRequestNo, long fen) {
    Money amount = Money.cny(fen);
    var reference =
        new OrderReference(
            number, Optional.of(trade(number)), orders.get(number).total(), Optional.empty());
    settlements.put(outRequestNo, settlement(number, amount));
    refunds.put(
        outRequestNo,
        new RefundOrder(
            reference,
            outRequestNo,
            amount,
            "",
            Optional.empty(),
            new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
            new CreateOrder.Shop("", ""),
            URI.create("https://console.example.test")));
  }

  /// What it reports from now on is numbered anew; before, one notice came again and again.
  public synchronized void numberNoticesAnew() {
    notices++;
  }

  /// How it would report an order.
  public static byte[] notice(String number) {
    return number.getBytes(UTF_8);
  }

  private static String trade(String number) {
    return "2026-" + number;
  }

  @Override
  public PayPlatform platform() {
    return PayPlatform.ALIPAY;
  }

  @Override
  public synchronized Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    orders.put(order.outTradeNo(), order);
    return answer(new Prepaid(trade(order.outTradeNo())));
  }

  @Override
  public PageArguments page(
      ChannelAccount account,
      Payer payer,
      Prepaid prepaid,
      Optional<ChannelAccount.SignType> signType,
      Instant now) {
    return new PageArguments.Alipay(prepaid.reference());
  }

  @Override
  public synchronized Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    return answer(report(order.outTradeNo()));
  }

  private OrderReport report(String number) {
    var payment = Optional.ofNullable(payments.get(number));
    OrderReport.State state =
        payment
            .map(paid ->
                refunded(number) == paid.total().cents()
                    ? OrderReport.State.REFUNDED
                    : finished.contains(number)
                        ? OrderReport.State.FINISHED
                        : OrderReport.State.PAID)
            .orElse(
                orders.containsKey(number)
                    ? OrderReport.State.WAITING
                    : OrderReport.State.NOT_EXIST);
    return new OrderReport(number, state, "", payment);
  }

  @Override
  public Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    throw new UnsupportedOperationException("no test closes an order here");
  }

  @Override
  public synchronized Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    refundsAsked++;
    notices++;
    String number = refund.order().outTradeNo();
    if (refunds.containsKey(refund.outRefundNo())) {
      return queryRefund(account, refund.reference());
    }
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (refundsComeToNothing) {
      return new Answer.Unknown<>("FUND_CHANGE_N", "no money moved", evidence());
    }
    if (refunded(number) + refund.amount().cents() > payments.get(number).total().cents()) {
      return new Answer.Refused<>(
          Answer.Reason.WRONG_PARAMETERS,
          "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
          "more than is left",
          false,
          evidence());
    }
    var settlement = settlement(number, refund.amount());
    refunds.put(refund.outRefundNo(), refund);
    settlements.put(refund.outRefundNo(), settlement);
    return answer(
        new RefundReport(
            number,
            refund.outRefundNo(),
            RefundReport.State.SUCCESS,
            Optional.empty(),
            Optional.empty(),
            Optional.of(settlement),
            Optional.empty(),
            Optional.of(new RefundReport.AlipayDetail(true, Optional.empty(), List.of()))));
  }

  @Override
  public synchronized Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference reference) {
    var known = Optional.ofNullable(refunds.get(reference.outRefundNo()));
    return answer(
        new RefundReport(
            reference.order().outTradeNo(),
            reference.outRefundNo(),
            known.isPresent() ? RefundReport.State.SUCCESS : RefundReport.State.NOT_EXIST,
            Optional.empty(),
            known.map(RefundOrder::amount),
            Optional.ofNullable(settlements.get(reference.outRefundNo())),
            Optional.empty(),
            Optional.empty()));
  }

  /// What the merchant gives of the next refund. The coupon's part is rounded half up, unlike the
  /// gateway would reckon it.
  private Money settlement(String number, Money amount) {
    var payment = payments.get(number);
    double share =
        1 - (double) payment.settlement().orElseThrow().cents() / payment.total().cents();
    long before = refunded(number);
    long coupon = Math.round((before + amount.cents()) * share) - Math.round(before * share);
    return amount.minus(Money.cny(coupon));
  }

  @Override
  public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
    return answer(bills.read(day, rows));
  }

  @Override
  public synchronized Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers) {
    return answer(
        numbers.stream()
            .filter(refunds::containsKey)
            .map(number -> new RefundOrder.RefundReference(order, number, order.total()))
            .map(reference -> ((Answer.Done<RefundReport>) queryRefund(account, reference)).value())
            .toList());
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    return Optional.of(new ChannelNotice.Subject(Optional.of(new String(body, UTF_8))));
  }

  @Override
  public synchronized ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    OrderReport report = report(order.orElseThrow().outTradeNo());
    return new ChannelNotice.AboutOrder(namingRefund(report), Optional.of("notice-" + notices));
  }

  /// A notice names the last refund, other than the answer to a question.
  private OrderReport namingRefund(OrderReport report) {
    Optional<String> last =
        refunds.values().stream()
            .filter(refund -> refund.order().outTradeNo().equals(report.outTradeNo()))
            .map(RefundOrder::outRefundNo)
            .reduce((_, next) -> next);
    return new OrderReport(
        report.outTradeNo(),
        report.state(),
        report.description(),
        report
            .paid()
            .map(paid ->
                new OrderReport.Payment(
                    paid.transactionId(),
                    paid.total(),
                    paid.cash(),
                    paid.settlement(),
                    paid.paidAt(),
                    paid.coupons(),
                    detail(paid.paidAt().orElseThrow(), last))));
  }

  private static OrderReport.AlipayDetail detail(Instant at, Optional<String> refund) {
    return new OrderReport.AlipayDetail(
        Optional.of("2088000000000001"),
        "138****0001",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("FACE_TO_FACE_PAYMENT"),
        Optional.of(at),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        refund,
        List.of(),
        "");
  }

  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return new ChannelNotice.Acknowledgement("text/plain", refusal.isEmpty() ? "success" : "fail");
  }

  @Override
  public String masked(byte[] body) {
    return "masked " + new String(body, UTF_8);
  }

  @Override
  public Duration longest(Call call) {
    return Duration.ofSeconds(call == Call.REFUND ? 20 : 8);
  }

  @Override
  public void close() {}

  private Evidence evidence() {
    return new Evidence("fake", "here", silent ? 0 : 200, !silent, "", 1, Duration.ZERO);
  }

  private <T> Answer<T> answer(T value) {
    return silent
        ? new Answer.Unknown<>("", "no answer", evidence())
        : new Answer.Done<>(value, evidence());
  }
}
