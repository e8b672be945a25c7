package io.yunfu.channels.alipay;

import io.yunfu.channels.BillFile;
import io.yunfu.channels.Exchange;
import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Patience;
import io.yunfu.channels.Transport;
import io.yunfu.channels.Unreadable;
import io.yunfu.channels.alipay.Calls.Caller;
import io.yunfu.channels.alipay.Calls.Heard;
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
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Speaks to Alipay's open API, in public key mode and in certificate mode.
///
/// What it believes: answers signed by Alipay, over the node's text exactly as it came, about the
/// number that was asked for. Refusals at the door may be unsigned; they end an order that no payer
/// has seen, and never a refund. Amounts are handed on as Alipay says them, as the port wants it:
/// the gateway holds them against its own and shows a difference to a person.
///
/// Where a code alone does not decide (a repeated refund, a close of something paid or unknown), it
/// asks within the same call, and the answer decides. Nothing that moves money is sent twice in one
/// call. Source: `channels.md` sections 1, 4, 5, 6.
public final class AlipayConnector implements Connector {
  /// Where all calls go. Source: section 4.1.
  public static final URI GATEWAY = URI.create("https://openapi.alipay.com/gateway.do");

  /// A line that fits every table and log.
  private static final int LONGEST_MESSAGE = 200;

  private final Calls calls;
  private final BillHosts billHosts;
  private final Patience patience;
  private final InstantSource clock;

  /// Connects to nothing yet.
  ///
  /// @param gateway [#GATEWAY], or the same path at a simulator
  /// @param billHosts from where bills are fetched
  /// @param transport is closed with this
  /// @param clock must be right within minutes, since Alipay refuses other times
  public AlipayConnector(
      URI gateway, BillHosts billHosts, Transport transport, InstantSource clock) {
    this(gateway, billHosts, transport, clock, Patience.DEFAULT);
  }

  AlipayConnector(
      URI gateway,
      BillHosts billHosts,
      Transport transport,
      InstantSource clock,
      Patience patience) {
    this.calls = new Calls(gateway, transport, clock, patience);
    this.billHosts = billHosts;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public PayPlatform platform() {
    return PayPlatform.ALIPAY;
  }

  @Override
  public Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    var caller = calls.caller(alipay(account), Operation.CREATE);
    var content = Content.create(caller.account(), order, (Payer.AlipayUser) order.payer());
    var heard = calls.make(caller, Operation.CREATE, content, Optional.of(order.noticeUrl()));
    return decide(
        heard,
        spoke -> {
          if (spoke.said().meaning() != Meaning.DONE) {
            return usual(caller, spoke);
          }
          needOurs(spoke.said().fields(), order.outTradeNo(), Optional.empty(), caller.account());
          return done(new Prepaid(spoke.said().fields().need("trade_no")), spoke);
        });
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
  public Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    return query(calls.caller(alipay(account), Operation.QUERY), order);
  }

  private Answer<OrderReport> query(Caller caller, OrderReference order) {
    var heard = calls.make(caller, Operation.QUERY, Content.query(order), Optional.empty());
    return decide(
        heard,
        spoke ->
            switch (spoke.said().meaning()) {
              case DONE -> {
                needOurs(spoke.said().fields(), order, caller.account());
                yield done(
                    Reports.order(spoke.said().fields(), caller.account().sellerId()), spoke);
              }
              case ABSENT -> done(Reports.noOrder(order.outTradeNo()), spoke);
              default -> usual(caller, spoke);
            });
  }

  /// An order that Alipay does not know, or that it will not close, is asked for: closed before,
  /// and not there at all, are as good as closed now.
  @Override
  public Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    var caller = calls.caller(alipay(account), Operation.CLOSE);
    var heard =
        calls.make(caller, Operation.CLOSE, Content.close(order, staffId), Optional.empty());
    return decide(
        heard,
        spoke ->
            switch (spoke.said().meaning()) {
              case DONE -> {
                needOurs(spoke.said().fields(), order, caller.account());
                yield done(new Closed(), spoke);
              }
              case ABSENT, ASK -> closedOrNot(caller, spoke, query(caller, order));
              default -> usual(caller, spoke);
            });
  }

  private static Answer<Closed> closedOrNot(
      Caller caller, Heard.Spoke spoke, Answer<OrderReport> asked) {
    Evidence evidence = both(spoke.evidence(), asked.evidence());
    if (!(asked instanceof Answer.Done<OrderReport>(OrderReport report, var _))) {
      return unknown(caller, spoke, evidence);
    }
    return switch (report.state()) {
      case CLOSED, REVERSED, NOT_EXIST -> new Answer.Done<>(new Closed(), evidence);
      case PAID, REFUNDED, FINISHED ->
          refused(caller, spoke, Answer.Reason.NEEDS_ACTION, false, evidence);
      case ACCEPTED, WAITING, PAYING -> unknown(caller, spoke, evidence);
    };
  }

  /// A repeated refund is answered like one that came to nothing: `fund_change` is `N`. What does
  /// not say plainly that money moved is asked for, and so is every refusal: it ends the refund,
  /// and Alipay may be refusing a repetition of one that it has done.
  @Override
  public Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    var caller = calls.caller(alipay(account), Operation.REFUND);
    var heard = calls.make(caller, Operation.REFUND, Content.refund(refund), Optional.empty());
    return decide(
        heard,
        spoke ->
            switch (spoke.said().meaning()) {
              case DONE -> refunded(caller, refund, spoke);
              case REPEAT, LATER, ASK -> usual(caller, spoke);
              default -> thereOrRefused(caller, refund, spoke);
            });
  }

  private Answer<RefundReport> refunded(Caller caller, RefundOrder refund, Heard.Spoke spoke) {
    Fields fields = spoke.said().fields();
    needOurs(fields, refund.order(), caller.account());
    RefundReport report = Reports.refund(fields, refund.outRefundNo(), refund.amount());
    if (report.state() == RefundReport.State.SUCCESS) {
      return done(report, spoke);
    }
    var asked = queryRefund(caller, refund.reference());
    Evidence evidence = both(spoke.evidence(), asked.evidence());
    return isThere(asked)
        ? with(asked, evidence)
        : unknown("FUND_CHANGE_N", "no money moved, and no refund is there", evidence);
  }

  private Answer<RefundReport> thereOrRefused(
      Caller caller, RefundOrder refund, Heard.Spoke spoke) {
    var asked = queryRefund(caller, refund.reference());
    Evidence evidence = both(spoke.evidence(), asked.evidence());
    if (!(asked instanceof Answer.Done<RefundReport>(RefundReport report, var _))) {
      return unknown(caller, spoke, evidence);
    }
    Meaning meaning = spoke.said().meaning();
    if (isThere(asked)) {
      boolean other = report.amount().filter(refund.amount()::equals).isEmpty();
      return meaning == Meaning.ASK_ELSE_NEW_NUMBER && other
          ? refused(caller, spoke, Answer.Reason.NEEDS_NEW_NUMBER, false, evidence)
          : with(asked, evidence);
    }
    return switch (meaning) {
      // It says that there is one, and that there is none.
      case ASK_ELSE_NEW_NUMBER -> unknown(caller, spoke, evidence);
      case ABSENT -> refused(caller, spoke, Answer.Reason.NO_SUCH_ORDER, false, evidence);
      default -> usual(caller, new Heard.Spoke(spoke.said(), evidence));
    };
  }

  private static boolean isThere(Answer<RefundReport> asked) {
    return asked instanceof Answer.Done<RefundReport>(RefundReport report, var _)
        && report.state() != RefundReport.State.NOT_EXIST;
  }

  @Override
  public Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference refund) {
    return queryRefund(calls.caller(alipay(account), Operation.QUERY_REFUND), refund);
  }

  private Answer<RefundReport> queryRefund(Caller caller, RefundOrder.RefundReference refund) {
    String outTradeNo = refund.order().outTradeNo();
    var heard =
        calls.make(caller, Operation.QUERY_REFUND, Content.queryRefund(refund), Optional.empty());
    return decide(
        heard,
        spoke ->
            switch (spoke.said().meaning()) {
              case DONE -> {
                Fields fields = spoke.said().fields();
                needOursIfNamed(fields, refund, caller.account());
                yield done(Reports.queriedRefund(fields, outTradeNo, refund.outRefundNo()), spoke);
              }
              case ABSENT -> done(Reports.noRefund(outTradeNo, refund.outRefundNo()), spoke);
              default -> usual(caller, spoke);
            });
  }

  /// Alipay says where the bill is, signed; it is fetched from there within half a minute, without
  /// a signature. Source: section 4.11.
  @Override
  public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
    var caller = calls.caller(alipay(account), Operation.BILL);
    var heard = calls.make(caller, Operation.BILL, Content.bill(day), Optional.empty());
    return decide(
        heard,
        spoke ->
            switch (spoke.said().meaning()) {
              case DONE -> fetched(caller.account(), day, rows, spoke);
              case ABSENT -> done(new Bill.None(message(caller, spoke)), spoke);
              default -> usual(caller, spoke);
            });
  }

  private Answer<Bill> fetched(
      ChannelAccount.Alipay account, LocalDate day, Consumer<BillRow> rows, Heard.Spoke spoke) {
    URI from = address(spoke.said().fields().need("bill_download_url"));
    var refusal = billHosts.refusal(from);
    if (refusal.isPresent()) {
      return done(new Bill.Unusable(refusal.get()), spoke);
    }
    try (var file = new BillFile()) {
      return switch (calls.download(from, file)) {
        case Exchange.NotSent(var _, var _, String reason) ->
            unknown("NO_ANSWER", reason, spoke.evidence());
        case Exchange.Unknown(var _, var _, String reason) ->
            unknown("NO_ANSWER", reason, spoke.evidence());
        case Exchange.Answered(var _, var _, int status, var _, var _) when status != 200 ->
            unknown("UNREADABLE", "HTTP " + status + " for the bill itself", spoke.evidence());
        case Exchange.Answered _ -> done(read(account, day, rows, file), spoke);
      };
    }
  }

  private static Bill read(
      ChannelAccount.Alipay account, LocalDate day, Consumer<BillRow> rows, BillFile file) {
    try (InputStream in = file.open()) {
      return BillZip.read(in, file.size(), account.sellerId(), day, rows);
    } catch (Unreadable e) {
      return new Bill.Unusable(e.why());
    } catch (IOException e) {
      return new Bill.Unusable("the ZIP is damaged");
    }
  }

  private static URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new Unreadable("bill_download_url is no address");
    }
  }

  /// Alipay lists none, and is asked for each.
  @Override
  public Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers) {
    List<RefundReport> refunds = new ArrayList<>();
    Iterator<String> left = numbers.iterator();
    Answer<RefundReport> answer;
    do {
      // What is asked for has no amount: the answer tells it.
      var refund = new RefundOrder.RefundReference(order, left.next(), order.total());
      answer = queryRefund(account, refund);
      if (isThere(answer)) {
        refunds.add(((Answer.Done<RefundReport>) answer).value());
      }
    } while (answer instanceof Answer.Done && left.hasNext());
    return answer.map(_ -> refunds);
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    return Notices.peek(body);
  }

  /// Alipay reports payments and refunds alike, to the URL of the payment.
  @Override
  public ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    return Notices.read(alipay(account), order, body, clock.instant());
  }

  /// Everything but these seven letters makes Alipay send the notice again.
  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return new ChannelNotice.Acknowledgement(
        "text/plain", refusal.isEmpty() ? "success" : "failure");
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

  private static ChannelAccount.Alipay alipay(ChannelAccount account) {
    return switch (account) {
      case ChannelAccount.Alipay alipay -> alipay;
      case ChannelAccount.Wechat wechat ->
          throw new IllegalArgumentException("an account at WeChat Pay came to Alipay's connector");
    };
  }

  /// What came of a call, where nothing can be read; otherwise what the reader makes of it.
  private static <T> Answer<T> decide(Heard heard, Function<Heard.Spoke, Answer<T>> reader) {
    return switch (heard) {
      case Heard.NotSent(String why, Evidence evidence) -> new Answer.NotSent<>(why, evidence);
      case Heard.Silent(String code, String why, Evidence evidence) -> unknown(code, why, evidence);
      case Heard.Spoke spoke -> {
        try {
          yield reader.apply(spoke);
        } catch (Unreadable e) {
          yield unknown(e.code(), e.why(), notVerified(spoke.evidence()));
        }
      }
    };
  }

  /// What follows from the meanings that are the same for every call.
  private static <T> Answer<T> usual(Caller caller, Heard.Spoke spoke) {
    Evidence evidence = spoke.evidence();
    return switch (spoke.said().meaning()) {
      case NEW_NUMBER -> refused(caller, spoke, Answer.Reason.NEEDS_NEW_NUMBER, false, evidence);
      case WRONG -> refused(caller, spoke, Answer.Reason.WRONG_PARAMETERS, false, evidence);
      case ACT, ASK_ELSE_ACT -> refused(caller, spoke, Answer.Reason.NEEDS_ACTION, false, evidence);
      case ACT_THEN_REPEAT -> refused(caller, spoke, Answer.Reason.RESUMABLE, false, evidence);
      case ALERT -> refused(caller, spoke, Answer.Reason.NEEDS_ACTION, true, evidence);
      // Alipay stumbled, or has too much to do: the same number can be sent again.
      case REPEAT,
          LATER,
          ASK,
          // None of these comes here: whoever can hear them decides first.
          DONE,
          ASK_ELSE_NEW_NUMBER,
          ABSENT,
          SILENT,
          UNLISTED ->
          unknown(caller, spoke, evidence);
    };
  }

  private static <T> Answer<T> done(T value, Heard.Spoke spoke) {
    return new Answer.Done<>(value, spoke.evidence());
  }

  private static <T> Answer<T> refused(
      Caller caller, Heard.Spoke spoke, Answer.Reason reason, boolean alert, Evidence evidence) {
    return new Answer.Refused<>(
        reason, spoke.said().code(), message(caller, spoke), alert, evidence);
  }

  private static <T> Answer<T> unknown(Caller caller, Heard.Spoke spoke, Evidence evidence) {
    return unknown(spoke.said().code(), message(caller, spoke), evidence);
  }

  private static <T> Answer<T> unknown(String code, String message, Evidence evidence) {
    return new Answer.Unknown<>(code, message, evidence);
  }

  private static String message(Caller caller, Heard.Spoke spoke) {
    return Masks.line(spoke.said().message(), caller.account(), LONGEST_MESSAGE);
  }

  private static Answer<RefundReport> with(Answer<RefundReport> answer, Evidence evidence) {
    return answer instanceof Answer.Done<RefundReport>(RefundReport report, var _)
        ? new Answer.Done<>(report, evidence)
        : answer;
  }

  /// About this order, by its number and by Alipay's as far as it is known.
  private static void needOurs(Fields fields, OrderReference order, ChannelAccount.Alipay account) {
    needOurs(fields, order.outTradeNo(), order.transactionId(), account);
  }

  private static void needOurs(
      Fields fields,
      String outTradeNo,
      Optional<String> transactionId,
      ChannelAccount.Alipay account) {
    fields.need("out_trade_no");
    needSame(fields, "out_trade_no", outTradeNo);
    transactionId.ifPresent(ours -> needSame(fields, "trade_no", ours));
    needMerchant(fields, account);
  }

  /// Alipay tells nothing about a refund that it does not know, so nothing has to be named.
  private static void needOursIfNamed(
      Fields fields, RefundOrder.RefundReference refund, ChannelAccount.Alipay account) {
    needSame(fields, "out_trade_no", refund.order().outTradeNo());
    needSame(fields, "out_request_no", refund.outRefundNo());
    refund.order().transactionId().ifPresent(ours -> needSame(fields, "trade_no", ours));
    needMerchant(fields, account);
  }

  /// Answers rarely name it: the key of the application has signed them.
  private static void needMerchant(Fields fields, ChannelAccount.Alipay account) {
    account.sellerId().ifPresent(ours -> needSame(fields, "seller_id", ours));
    needSame(fields, "app_id", account.appId());
  }

  /// What is named must be ours.
  private static void needSame(Fields fields, String name, String ours) {
    if (fields.text(name).filter(theirs -> !theirs.equals(ours)).isPresent()) {
      throw Unreadable.aboutAnother("the answer's " + name);
    }
  }

  private static Evidence notVerified(Evidence evidence) {
    return new Evidence(
        evidence.operation(),
        evidence.host(),
        evidence.httpStatus(),
        false,
        evidence.answer(),
        evidence.tries(),
        evidence.took());
  }

  /// Of a call and the question that followed it: both answers, and whether the second, which
  /// decides, is proven.
  private static Evidence both(Evidence call, Evidence question) {
    Duration took = question.took(); // since the call began
    return new Evidence(
        call.operation(),
        question.host(),
        question.httpStatus(),
        question.verified(),
        Masks.cut(call.answer() + "\n" + question.answer(), Evidence.LONGEST),
        call.tries() + question.tries(),
        took);
  }
}
