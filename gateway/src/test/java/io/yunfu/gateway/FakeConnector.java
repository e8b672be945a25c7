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
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// WeChat Pay in memory, for tests of everything above it: it knows orders and refunds, keeps books
/// of its own, and is silent when told to. Its notices are bodies that name an order; those that
/// begin with `forged` are not its own, and those that name a refund are hints.
public final class FakeConnector implements Connector {
  /// What it says of days that are over.
  public final FakeBills bills = new FakeBills();

  private final Map<String, CreateOrder> orders = new HashMap<>();
  private final Map<String, Boolean> closed = new HashMap<>();

  /// By order: the payment that it reports, which is the last one.
  private final Map<String, OrderReport.Payment> payments = new HashMap<>();

  /// All payments, by transaction.
  private final Map<String, OrderReport.Payment> transactions = new LinkedHashMap<>();

  private final Map<String, TakenRefund> refunds = new LinkedHashMap<>();
  private int creates;
  private int queries;
  private boolean silent;
  private boolean deaf;
  private boolean silentToQueries;
  private boolean listsNoRefunds;
  private RefundReport.State refundState = RefundReport.State.SUCCESS;
  private Optional<Answer.Refused<?>> refusal = Optional.empty();

  /// By order: what it says of an unpaid one instead of what is so.
  private final Map<String, OrderReport> words = new HashMap<>();

  /// A refund as the channel knows it.
  ///
  /// @param transaction that it takes from
  private record TakenRefund(RefundOrder order, String transaction, RefundReport.State state) {}

  /// From now on nothing is answered; what arrives takes effect all the same.
  public synchronized void fallSilent(boolean isSilent) {
    silent = isSilent;
  }

  /// From now on nothing arrives either.
  public synchronized void goDeaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /// From now on questions about orders are not answered.
  public synchronized void queriesAreSilent(boolean areSilent) {
    silentToQueries = areSilent;
  }

  /// An order was never paid, says the channel from now on.
  public synchronized void forget(String number) {
    var payment = payments.remove(number);
    if (payment != null) {
      transactions.remove(payment.transactionId());
    }
  }

  /// From now on it does not answer which refunds an order has.
  public synchronized void listNoRefunds(boolean doesNot) {
    listsNoRefunds = doesNot;
  }

  /// What becomes of refunds from now on.
  public synchronized void refundsEndAs(RefundReport.State state) {
    refundState = state;
  }

  /// What creates and refunds are answered with; empty: they are taken.
  public synchronized void refuse(Optional<Answer.Reason> reason) {
    refuse(reason, false);
  }

  /// The same, and whether our set-up there is what it refuses.
  public synchronized void refuse(Optional<Answer.Reason> reason, boolean alert) {
    refusal = reason.map(why -> new Answer.Refused<>(why, "REFUSED", "no", alert, evidence(false)));
  }

  /// From now on it says so of an order, until that is paid.
  public synchronized void say(String number, OrderReport.State state, String text) {
    words.put(number, new OrderReport(number, state, text, Optional.empty()));
  }

  public synchronized int creates() {
    return creates;
  }

  /// How often it was asked about an order.
  public synchronized int queries() {
    return queries;
  }

  public synchronized boolean knows(String number) {
    return orders.containsKey(number);
  }

  public synchronized boolean hasPaid(String number) {
    return payments.containsKey(number);
  }

  /// Whether nobody can pay an order any more.
  public synchronized boolean isClosed(String number) {
    return closed.containsKey(number);
  }

  /// The payer pays.
  public OrderReport.Payment pay(String number, String transaction, Money amount, Instant at) {
    return pay(number, transaction, amount, Optional.empty(), at);
  }

  /// The payer pays all but what a coupon of the merchant pays.
  public OrderReport.Payment payWithCoupon(
      String number, String transaction, Money amount, Money coupon, Instant at) {
    return pay(number, transaction, amount, Optional.of(coupon), at);
  }

  private synchronized OrderReport.Payment pay(
      String number, String transaction, Money amount, Optional<Money> coupon, Instant at) {
    Optional<Money> rest = coupon.map(amount::minus);
    var payment =
        new OrderReport.Payment(
            transaction,
            amount,
            Optional.of(rest.orElse(amount)),
            rest,
            Optional.of(at),
            coupon.stream()
                .map(part ->
                    new OrderReport.Coupon(
                        "c1", "", "NO_CASH", part, Optional.empty(), Optional.empty(), ""))
                .toList(),
            new OrderReport.WechatDetail(Optional.empty(), Optional.of("o1"), "CFT", ""));
    payments.put(number, payment);
    transactions.put(transaction, payment);
    return payment;
  }

  /// The payer pays, if the channel knows the order and would let him.
  ///
  /// @return whether he has
  public boolean tryToPay(String number, String transaction, Instant at) {
    return tryToPay(number, transaction, 0, at);
  }

  /// The same, with a coupon of the merchant.
  ///
  /// @param coupon in fen; 0: none
  public synchronized boolean tryToPay(String number, String transaction, long coupon, Instant at) {
    CreateOrder order = orders.get(number);
    if (order == null || closed.containsKey(number) || payments.containsKey(number)) {
      return false;
    }
    Optional<Money> part = coupon == 0 ? Optional.empty() : Optional.of(Money.cny(coupon));
    pay(number, transaction, order.total(), part, at);
    return true;
  }

  /// By its own books: what came in for the merchant, less what it gave back.
  public synchronized long holds() {
    return transactions.keySet().stream().mapToLong(this::left).sum();
  }

  /// What is left of a transaction for the merchant: a coupon gets the whole fen of its part.
  private long left(String transaction) {
    OrderReport.Payment payment = transactions.get(transaction);
    long total = payment.total().cents();
    long coupon = total - payment.settlement().orElse(payment.total()).cents();
    long gone = returned(transaction);
    return total - coupon - gone + coupon * gone / total;
  }

  /// What went back of one transaction.
  public synchronized long returned(String transaction) {
    return wentBack(
        refunds.values().stream().filter(one -> one.transaction().equals(transaction)).toList());
  }

  private static long wentBack(List<TakenRefund> refunds) {
    return refunds.stream()
        .filter(one -> one.state() == RefundReport.State.SUCCESS)
        .mapToLong(one -> one.order().amount().cents())
        .sum();
  }

  /// The merchant gives money back in the channel's own console.
  public synchronized void refundOutside(
      String number, String outRefundNo, Money amount, RefundReport.State state) {
    OrderReport.Payment payment = payments.get(number);
    String transaction = payment.transactionId();
    var order =
        new RefundOrder(
            new OrderReference(number, Optional.of(transaction), payment.total(), Optional.empty()),
            outRefundNo,
            amount,
            "",
            Optional.empty(),
            new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
            new CreateOrder.Shop("", ""),
            URI.create("https://console.example.test"));
    refunds.put(outRefundNo, new TakenRefund(order, transaction, state));
  }

  /// How the channel would report a payment.
  public static byte[] notice(String number) {
    return ("about " + number).getBytes(UTF_8);
  }

  /// How the channel would hint at a refund.
  public static byte[] refundNotice(String refund) {
    return ("refund " + refund).getBytes(UTF_8);
  }

  @Override
  public PayPlatform platform() {
    return PayPlatform.WECHAT;
  }

  @Override
  public synchronized Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    creates++;
    if (deaf) {
      return unknown();
    }
    if (refusal.isPresent()) {
      return refused();
    }
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
  public synchronized Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    queries++;
    return silentToQueries ? unknown() : answer(report(order.outTradeNo()));
  }

  private OrderReport report(String number) {
    var payment = Optional.ofNullable(payments.get(number));
    if (payment.isEmpty() && words.containsKey(number)) {
      return words.get(number);
    }
    OrderReport.State state =
        payment.isPresent()
            ? taken(payment.get().transactionId()) > 0
                ? OrderReport.State.REFUNDED
                : OrderReport.State.PAID
            : closed.containsKey(number)
                ? OrderReport.State.CLOSED
                : orders.containsKey(number)
                    ? OrderReport.State.WAITING
                    : OrderReport.State.NOT_EXIST;
    return new OrderReport(number, state, "", payment);
  }

  @Override
  public synchronized Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    if (deaf) {
      return unknown();
    }
    if (payments.containsKey(order.outTradeNo())) {
      return new Answer.Refused<>(
          Answer.Reason.NEEDS_ACTION, "ORDERPAID", "paid", false, evidence(false));
    }
    closed.put(order.outTradeNo(), true);
    return answer(new Closed());
  }

  @Override
  public synchronized Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    if (deaf) {
      return unknown();
    }
    TakenRefund known = refunds.get(refund.outRefundNo());
    if (known == null) {
      if (refusal.isPresent()) {
        return refused();
      }
      String transaction = refund.order().transactionId().orElse("");
      OrderReport.Payment payment = transactions.get(transaction);
      if (payment == null || taken(transaction) + cents(refund) > payment.total().cents()) {
        return new Answer.Refused<>(
            Answer.Reason.WRONG_PARAMETERS,
            "TOO_MUCH",
            "more than is left",
            false,
            evidence(false));
      }
      known = new TakenRefund(refund, transaction, RefundReport.State.PROCESSING);
      refunds.put(refund.outRefundNo(), known);
    }
    return answer(refundReport(known));
  }

  private static long cents(RefundOrder refund) {
    return refund.amount().cents();
  }

  private long taken(String transaction) {
    return refunds.values().stream()
        .filter(one -> one.transaction().equals(transaction))
        .filter(one -> one.state() != RefundReport.State.CLOSED)
        .filter(one -> one.state() != RefundReport.State.NOT_EXIST)
        .mapToLong(one -> cents(one.order()))
        .sum();
  }

  @Override
  public synchronized Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference reference) {
    TakenRefund refund = refunds.get(reference.outRefundNo());
    if (refund == null) {
      return answer(
          new RefundReport(
              reference.order().outTradeNo(),
              reference.outRefundNo(),
              RefundReport.State.NOT_EXIST,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return answer(refundReport(ended(refund)));
  }

  @Override
  public synchronized Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers) {
    if (listsNoRefunds) {
      return unknown();
    }
    return answer(
        refunds.values().stream()
            .filter(one -> order.transactionId().equals(Optional.of(one.transaction())))
            .map(FakeConnector::refundReport)
            .toList());
  }

  /// Who asks finds it at its end; what has ended stays so.
  private TakenRefund ended(TakenRefund refund) {
    if (refund.state() == RefundReport.State.SUCCESS
        || refund.state() == RefundReport.State.CLOSED) {
      return refund;
    }
    var ended = new TakenRefund(refund.order(), refund.transaction(), refundState);
    refunds.put(refund.order().outRefundNo(), ended);
    return ended;
  }

  private static RefundReport refundReport(TakenRefund refund) {
    return new RefundReport(
        refund.order().order().outTradeNo(),
        refund.order().outRefundNo(),
        refund.state(),
        Optional.of("r" + refund.order().outRefundNo()),
        Optional.of(refund.order().amount()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
    return answer(bills.read(day, rows));
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    String text = new String(body, UTF_8);
    if (text.startsWith("refund ")) {
      return Optional.of(new ChannelNotice.Subject(Optional.empty()));
    }
    return text.contains("about ")
        ? Optional.of(
            new ChannelNotice.Subject(Optional.of(text.substring(text.indexOf("about ") + 6))))
        : Optional.empty();
  }

  @Override
  public synchronized ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    String text = new String(body, UTF_8);
    if (text.startsWith("forged")) {
      return new ChannelNotice.Rejected("the signature is wrong");
    }
    String number = order.orElseThrow().outTradeNo();
    if (text.startsWith("refund ")) {
      return new ChannelNotice.RefundHint(
          new RefundReport(
              number,
              text.substring("refund ".length()),
              RefundReport.State.SUCCESS,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    OrderReport report = report(number);
    // It tells of payments only, as they were made.
    var told =
        report.state() == OrderReport.State.REFUNDED
            ? new OrderReport(number, OrderReport.State.PAID, "", report.paid())
            : report;
    return new ChannelNotice.AboutOrder(told, Optional.empty());
  }

  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return new ChannelNotice.Acknowledgement("text/plain", refusal.orElse("success"));
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

  private <T> Answer<T> answer(T value) {
    return silent || deaf ? unknown() : new Answer.Done<>(value, evidence(false));
  }

  private static <T> Answer<T> unknown() {
    return new Answer.Unknown<>("", "no answer", evidence(true));
  }

  private <T> Answer<T> refused() {
    var why = refusal.orElseThrow();
    return new Answer.Refused<>(
        why.reason(), why.code(), why.message(), why.alert(), why.evidence());
  }

  private static Evidence evidence(boolean isSilent) {
    return new Evidence("fake", "here", isSilent ? 0 : 200, !isSilent, "", 1, Duration.ZERO);
  }

  /// What it keeps at a rate, of what is left of every payment: reckoned in another way than ours.
  public synchronized Money fees(int ppm) {
    var cents = new ArrayList<Long>();
    transactions
        .keySet()
        .forEach(transaction -> {
          cents.add(Math.round(left(transaction) * (ppm / 1e6)));
        });
    return Money.of(cents.stream().mapToLong(Long::longValue).sum(), Currency.CNY);
  }
}
