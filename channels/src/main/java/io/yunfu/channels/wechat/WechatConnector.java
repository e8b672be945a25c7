package io.yunfu.channels.wechat;

import static io.yunfu.kernel.Check.require;

import io.yunfu.channels.Deadline;
import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Patience;
import io.yunfu.channels.Transport;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
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
import io.yunfu.kernel.Nonces;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// WeChat Pay v2 in service-provider mode. What an answer means is decided in [Said] and [Codes];
/// here it is asked, and asked again where that is safe.
public final class WechatConnector implements Connector {
  private static final String CREDENTIALS = "CREDENTIALS";

  private final Calls calls;
  private final Patience patience;
  private final Supplier<String> nonces;
  private final InstantSource clock;

  /// Connects to nothing yet.
  ///
  /// @param transport is closed with this
  /// @param clock for the end of keys that others have taken the place of
  public WechatConnector(Transport transport, Hosts hosts, InstantSource clock) {
    this(transport, hosts, Patience.DEFAULT, new Nonces(new SecureRandom()), Thread::sleep, clock);
  }

  WechatConnector(
      Transport transport,
      Hosts hosts,
      Patience patience,
      Supplier<String> nonces,
      Calls.Pause pause,
      InstantSource clock) {
    this.calls = new Calls(transport, hosts, patience, nonces, pause, clock);
    this.patience = patience;
    this.nonces = nonces;
    this.clock = clock;
  }

  @Override
  public PayPlatform platform() {
    return PayPlatform.WECHAT;
  }

  @Override
  public Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    ChannelAccount.Wechat ours = wechat(account);
    Payer.WechatUser payer = wechat(order.payer());
    if (payer.subOpenId().isPresent() && ours.subAppId().isEmpty()) {
      return unsent(
          Operation.CREATE,
          Answer.Reason.NEEDS_ACTION,
          "the sub-merchant has no app id under which its payers are known");
    }
    Deadline deadline = Deadline.in(patience.whole(Operation.CREATE));
    Heard<Prepaid> heard =
        calls.ask(
            Operation.CREATE,
            ours,
            ours.signType(),
            Content.create(order, payer),
            deadline,
            said -> new Prepaid(said.fields().need("prepay_id")));
    if (heard.meaning() != Meaning.ASK_ELSE_NEW_NUMBER) {
      return heard.answer();
    }
    var asked =
        query(
            ours,
            new OrderReference(
                order.outTradeNo(), Optional.empty(), order.total(), Optional.of(ours.signType())),
            deadline);
    Heard<Prepaid> both = heard.after(asked.evidence());
    // The provider's number, but another sub-merchant's order?
    return isAbsent(asked) ? both.refused(Answer.Reason.NEEDS_NEW_NUMBER) : both.unknown();
  }

  @Override
  public PageArguments page(
      ChannelAccount account,
      Payer payer,
      Prepaid prepaid,
      Optional<SignType> signType,
      Instant now) {
    ChannelAccount.Wechat ours = wechat(account);
    return Content.page(
        ours, wechat(payer), prepaid, signType.orElse(ours.signType()), nonces.get(), now);
  }

  @Override
  public Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    return query(wechat(account), order, Deadline.in(patience.whole(Operation.QUERY)));
  }

  @Override
  public Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    ChannelAccount.Wechat ours = wechat(account);
    Deadline deadline = Deadline.in(patience.whole(Operation.CLOSE));
    Heard<Closed> heard =
        calls.ask(
            Operation.CLOSE,
            ours,
            order.signType().orElse(ours.signType()),
            Content.close(order),
            deadline,
            _ -> new Closed());
    if (heard.meaning() != Meaning.ABSENT) {
      return heard.answer();
    }
    var asked = query(ours, order, deadline);
    Heard<Closed> both = heard.after(asked.evidence());
    return isAbsent(asked) ? both.answer() : both.unknown();
  }

  @Override
  public Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    ChannelAccount.Wechat ours = wechat(account);
    if (ours.certificate().isEmpty()) {
      return unsent(
          Operation.REFUND,
          Answer.Reason.RESUMABLE,
          "the provider has no client certificate, and refunds need one");
    }
    Deadline deadline = Deadline.in(patience.whole(Operation.REFUND));
    Heard<RefundReport> heard =
        calls.ask(
            Operation.REFUND,
            ours,
            refund.order().signType().orElse(ours.signType()),
            Content.refund(refund),
            deadline,
            said -> Reports.refund(said.fields(), refund));
    return heard.isRefusal()
        ? refusedOrDone(heard, refund, queryRefund(ours, refund.reference(), deadline))
        : heard.answer();
  }

  /// A refusal ends a refund, so it is asked for first: WeChat Pay may be refusing to repeat what
  /// an earlier call, whose answer was lost, has brought about.
  private static Answer<RefundReport> refusedOrDone(
      Heard<RefundReport> heard, RefundOrder refund, Answer<RefundReport> asked) {
    Heard<RefundReport> both = heard.after(asked.evidence());
    if (!(asked instanceof Answer.Done<RefundReport>(RefundReport report, Evidence _))) {
      return both.unknown();
    }
    if (report.state() == RefundReport.State.NOT_EXIST) {
      return heard.meaning() == Meaning.ASK_ELSE_ACT
          ? both.refused(Answer.Reason.NEEDS_ACTION)
          : both.answer();
    }
    return report.amount().filter(refund.amount()::equals).isPresent()
        ? new Answer.Done<>(report, both.evidence())
        : both.refused(Answer.Reason.NEEDS_NEW_NUMBER);
  }

  @Override
  public Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference refund) {
    return queryRefund(
        wechat(account), refund, Deadline.in(patience.whole(Operation.QUERY_REFUND)));
  }

  private Answer<RefundReport> queryRefund(
      ChannelAccount.Wechat ours, RefundOrder.RefundReference refund, Deadline deadline) {
    Function<Said, RefundReport> reader =
        said ->
            said.meaning() == Meaning.ABSENT
                ? Reports.noRefund(refund)
                : Reports.queriedRefund(said.fields(), refund);
    return calls
        .ask(
            Operation.QUERY_REFUND,
            ours,
            refund.order().signType().orElse(ours.signType()),
            Content.queryRefund(refund),
            deadline,
            reader)
        .answer();
  }

  /// Page by page, until all are there.
  @Override
  public Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers) {
    ChannelAccount.Wechat ours = wechat(account);
    Deadline deadline = Deadline.in(patience.whole(Operation.QUERY_REFUND));
    List<RefundReport> refunds = new ArrayList<>();
    while (true) {
      int offset = refunds.size();
      Answer<Reports.Page> answer =
          calls
              .ask(
                  Operation.QUERY_REFUND,
                  ours,
                  order.signType().orElse(ours.signType()),
                  Content.queryRefunds(order, offset),
                  deadline,
                  said ->
                      said.meaning() == Meaning.ABSENT
                          ? Reports.Page.EMPTY
                          : Reports.queriedRefunds(said.fields(), order))
              .answer();
      if (!(answer instanceof Answer.Done<Reports.Page>(Reports.Page page, Evidence _))) {
        return answer.map(Reports.Page::refunds);
      }
      refunds.addAll(page.refunds());
      if (page.refunds().isEmpty() || refunds.size() >= page.total()) {
        return answer.map(_ -> refunds);
      }
    }
  }

  @Override
  public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
    return calls.bill(wechat(account), day, rows);
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    return Notices.peek(kind, body);
  }

  @Override
  public ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    return Notices.read(wechat(account), order, kind, body, clock.instant());
  }

  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return Notices.acknowledge(refusal);
  }

  @Override
  public String masked(byte[] body) {
    return Masks.masked(new String(body, StandardCharsets.UTF_8));
  }

  @Override
  public Duration longest(Call call) {
    return patience.whole(Operation.of(call));
  }

  @Override
  public void close() {
    calls.close();
  }

  private Answer<OrderReport> query(
      ChannelAccount.Wechat account, OrderReference order, Deadline deadline) {
    Function<Said, OrderReport> reader =
        said ->
            said.meaning() == Meaning.ABSENT
                ? Reports.noOrder(order.outTradeNo())
                : Reports.order(said.fields(), order);
    return calls
        .ask(
            Operation.QUERY,
            account,
            order.signType().orElse(account.signType()),
            Content.query(order),
            deadline,
            reader)
        .answer();
  }

  private static boolean isAbsent(Answer<OrderReport> answer) {
    return answer instanceof Answer.Done<OrderReport>(OrderReport report, Evidence _)
        && report.state() == OrderReport.State.NOT_EXIST;
  }

  /// Refused here, before anything was sent.
  private static <T> Answer<T> unsent(Operation operation, Answer.Reason reason, String why) {
    return new Answer.Refused<>(
        reason,
        CREDENTIALS,
        why,
        true,
        new Evidence(Paths.method(operation), "", 0, false, "", 0, Duration.ZERO));
  }

  private static ChannelAccount.Wechat wechat(ChannelAccount account) {
    require(account instanceof ChannelAccount.Wechat, "an account at WeChat Pay is needed");
    return (ChannelAccount.Wechat) account;
  }

  private static Payer.WechatUser wechat(Payer payer) {
    require(payer instanceof Payer.WechatUser, "a payer at WeChat Pay is needed");
    return (Payer.WechatUser) payer;
  }
}
