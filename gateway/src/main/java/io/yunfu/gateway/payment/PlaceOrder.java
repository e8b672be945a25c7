package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.payment.AttemptStore.Question;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// `official_account_pay`: makes an order known to its channel, or finds it there again, and gives
/// the page what it needs. Repeated with the same number and content it makes nothing twice, also
/// after a crash or a silence in between. Source: `cloudpay.md` sections 1.11, 2.1.
public final class PlaceOrder {
  private final Cells cells;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final OrderLanes lanes;
  private final GatewaySettings settings;
  private final OrderBatch batch = new OrderBatch();
  private final PaymentStore store = new PaymentStore();
  private final AttemptStore attempts = new AttemptStore();
  private final CaseStore cases = new CaseStore();

  PlaceOrder(
      Cells cells, ChannelCalls calls, OrderBook book, OrderLanes lanes, GatewaySettings settings) {
    this.cells = cells;
    this.calls = calls;
    this.book = book;
    this.lanes = lanes;
    this.settings = settings;
  }

  /// A wish to be paid. Ids and prefix were checked; all else is as the caller said it.
  ///
  /// @param expiresAt absent: the merchant's usual time from now
  /// @param body absent: the merchant's usual one
  /// @param appId the provider's, where the caller names one
  public record Command(
      Merchant merchant,
      ShopId shop,
      PayPlatform platform,
      int subPlatform,
      String outTradeNo,
      Money total,
      Optional<Instant> expiresAt,
      Optional<String> body,
      String detail,
      String remark,
      WechatExtras wechat,
      Optional<String> appId,
      Optional<String> subAppId,
      Payer payer,
      OrderDetails.Terminal terminal,
      String nonce,
      Optional<Uin> topUp) {}

  /// What became of it.
  public sealed interface Outcome {
    /// It waits for its payer.
    record Waiting(PaymentOrder order, PageArguments page) implements Outcome {}

    sealed interface Refused extends Outcome {}

    /// The number stands for something else already.
    record NumberUsed() implements Refused {}

    record AlreadyPaid() implements Refused {}

    record ClosedOrExpired() implements Refused {}

    /// Something is missing or wrong, which only the clock or the merchant's set-up tells.
    record Wrong(Mistake mistake) implements Refused {}

    /// This merchant cannot be paid over this channel.
    record ChannelMissing() implements Refused {}

    /// The channel will not do it.
    record ChannelRefused(Answer.Reason reason, String code, String message) implements Refused {}

    /// The channel has not answered: the same call again finds out.
    record Unknown(PaymentOrder order) implements Refused {}
  }

  /// What can be wrong with a wish.
  public enum Mistake {
    /// Its time is over already.
    EXPIRY_PAST,
    /// It does not say what is sold, and the merchant has no usual text.
    BODY_MISSING,
    /// The app id is none of the provider's.
    APP_ID_UNKNOWN,
    /// The sub app id is none of the sub-merchant's.
    SUB_APP_ID_UNKNOWN,
    /// The payer is known under a sub app id, and there is none.
    SUB_APP_ID_MISSING
  }

  public Outcome place(Command command) {
    return place(command, lanes::begin);
  }

  /// The same, and what else is written with an order that is new.
  public Outcome place(Command command, Consumer<Transaction> besides) {
    return place(
        command,
        (cell, begin) ->
            cell.database()
                .inTransaction(tx -> {
                  boolean isNew = batch.run(tx, List.of(begin)).getFirst().state().isPresent();
                  if (isNew) {
                    besides.accept(tx);
                  }
                  return isNew;
                }));
  }

  /// Writes an order down.
  private interface Writing {
    /// @return false when its number is taken
    boolean write(Cell cell, OrderStep.Begin begin);
  }

  private Outcome place(Command command, Writing writing) {
    Merchant merchant = command.merchant();
    Optional<ChannelAccount> account = merchant.account(command.platform());
    if (account.isEmpty() || calls.connector(command.platform()).isEmpty()) {
      return new Outcome.ChannelMissing();
    }
    Instant now = book.now();
    Optional<Outcome> wrong = wrong(command, now);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Cell cell = cells.get(merchant.cell());
    PaymentOrder fresh = order(command, account.get(), cell.ids().next(), now);
    byte[] fingerprint = fingerprint(fresh, merchant);
    Instant due = settings.looks().ofOrder(now, fresh.expiresAt(), now).orElse(fresh.expiresAt());
    Question question = calls.toCreate(cell, merchant, fresh, fingerprint);
    var begin = new OrderStep.Begin(PaymentStore.Fresh.of(fresh, fingerprint, due), question);
    if (writing.write(cell, begin)) {
      return ask(cell, merchant, fresh, question);
    }
    Optional<PaymentOrder> same =
        cell.database()
            .read(tx -> {
              PaymentOrder known = store.byNumber(tx, command.outTradeNo()).orElseThrow();
              return Optional.of(known)
                  .filter(one -> one.merchant() == merchant.number())
                  .filter(
                      one -> MessageDigest.isEqual(fingerprint, store.fingerprint(tx, one.id())));
            });
    return same.map(known -> again(cell, merchant, known, fingerprint, now))
        .orElseGet(Outcome.NumberUsed::new);
  }

  private Outcome again(
      Cell cell, Merchant merchant, PaymentOrder known, byte[] fingerprint, Instant now) {
    if (known.state().isPaid()) {
      return new Outcome.AlreadyPaid();
    }
    if (!known.state().isOpen() || known.hasExpired(now)) {
      return new Outcome.ClosedOrExpired();
    }
    return known.prepaid().isPresent()
        ? waiting(merchant, known)
        : create(cell, merchant, known, fingerprint);
  }

  /// Asks the channel about an order that was written before, and writes down what it said. The
  /// worker does the same for orders whose caller never came back.
  Outcome create(Cell cell, Merchant merchant, PaymentOrder order, byte[] fingerprint) {
    Question question = calls.toCreate(cell, merchant, order, fingerprint);
    cell.database().execute(tx -> attempts.begin(tx, question));
    return ask(cell, merchant, order, question);
  }

  /// @param question is durable
  private Outcome ask(Cell cell, Merchant merchant, PaymentOrder order, Question question) {
    var replied = calls.create(merchant, order, question);
    var ended = replied.ended();
    Instant now = book.now();
    return switch (replied.answer()) {
      case Answer.Done<Prepaid>(Prepaid prepaid, var _) -> {
        String reference = prepaid.reference();
        var trade = Optional.of(reference).filter(_ -> order.platform() == PayPlatform.ALIPAY);
        var known = new PaymentStore.Known(order.id(), reference, trade, now);
        var state = lanes.end(cell, new OrderStep.End(ended, Optional.of(known)));
        yield state.equals(Optional.of(OrderState.WAITING))
            ? waiting(merchant, order.waiting(known))
            : overtaken(cell, merchant, order, question, now);
      }
      case Answer.Refused<Prepaid> refused -> {
        cell.database()
            .execute(tx -> {
              attempts.end(tx, ended);
              refuse(cell, tx, order, refused, now);
            });
        yield new Outcome.ChannelRefused(refused.reason(), refused.code(), refused.message());
      }
      case Answer.Unknown<Prepaid> unknown -> silent(cell, order, ended);
      case Answer.NotSent<Prepaid> notSent -> silent(cell, order, ended);
    };
  }

  /// It was paid or closed before its channel's answer was heard.
  private Outcome overtaken(
      Cell cell, Merchant merchant, PaymentOrder order, Question question, Instant now) {
    PaymentOrder stored = cell.database().read(tx -> store.byId(tx, order.id())).orElseThrow();
    return again(cell, merchant, stored, question.fingerprint(), now);
  }

  private Outcome silent(Cell cell, PaymentOrder order, AttemptStore.Ended ended) {
    lanes.end(cell, new OrderStep.End(ended, Optional.empty()));
    return new Outcome.Unknown(order);
  }

  private void refuse(
      Cell cell, Transaction tx, PaymentOrder order, Answer.Refused<Prepaid> refused, Instant now) {
    PaymentOrder locked = store.lock(tx, order.id());
    String text = OrderBook.cut(refused.code() + ": " + refused.message());
    if (locked.state() == OrderState.SENT || locked.state() == OrderState.STORED) {
      store.move(tx, locked, OrderState.VOID, text, now, null, null);
    }
    if (refused.alert()) {
      cases.open(
          tx,
          cell.ids().next(),
          PaymentCase.Kind.MISCONFIGURED,
          order.id(),
          null,
          refused.code(),
          text,
          now);
    }
  }

  private Outcome waiting(Merchant merchant, PaymentOrder order) {
    ChannelAccount account = ChannelCalls.account(merchant, order).orElseThrow();
    PageArguments page =
        calls
            .connector(order.platform())
            .orElseThrow()
            .page(
                account,
                ChannelCalls.payer(order),
                new Prepaid(order.prepaid().orElseThrow()),
                order.signType(),
                book.now());
    return new Outcome.Waiting(order, page);
  }

  private Optional<Outcome> wrong(Command command, Instant now) {
    Merchant merchant = command.merchant();
    if (command.expiresAt().filter(at -> !at.isAfter(now)).isPresent()) {
      return wrong(Mistake.EXPIRY_PAST);
    }
    if (command.body().or(merchant::defaultBody).isEmpty()) {
      return wrong(Mistake.BODY_MISSING);
    }
    if (!(command.payer() instanceof Payer.WechatUser payer)) {
      return Optional.empty();
    }
    if (isUnknown(command.appId(), merchant.appIds())) {
      return wrong(Mistake.APP_ID_UNKNOWN);
    }
    if (isUnknown(command.subAppId(), merchant.subAppIds())) {
      return wrong(Mistake.SUB_APP_ID_UNKNOWN);
    }
    boolean hasNoSubAppId = command.subAppId().isEmpty() && merchant.subAppIds().isEmpty();
    return payer.subOpenId().isPresent() && hasNoSubAppId
        ? wrong(Mistake.SUB_APP_ID_MISSING)
        : Optional.empty();
  }

  private static boolean isUnknown(Optional<String> named, List<String> configured) {
    return named.filter(id -> !configured.contains(id)).isPresent();
  }

  private static Optional<Outcome> wrong(Mistake mistake) {
    return Optional.of(new Outcome.Wrong(mistake));
  }

  private PaymentOrder order(Command command, ChannelAccount account, long id, Instant now) {
    Merchant merchant = command.merchant();
    Instant expiresAt =
        command
            .expiresAt()
            .filter(at -> at.isBefore(now.plus(settings.longestExpiry())))
            .orElseGet(() ->
                command.expiresAt().isPresent()
                    ? now.plus(settings.longestExpiry())
                    : now.plus(merchant.defaultExpiry()))
            .truncatedTo(ChronoUnit.MICROS); // as it is kept
    return new PaymentOrder(
        id,
        command.outTradeNo(),
        merchant.number(),
        command.shop(),
        command.platform(),
        command.subPlatform(),
        OrderState.SENT,
        true,
        command.total(),
        details(command, account),
        account instanceof ChannelAccount.Wechat wechat
            ? Optional.of(wechat.signType())
            : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        command.topUp(),
        0,
        0,
        0,
        0,
        0,
        0,
        now,
        now,
        expiresAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        false);
  }

  private static OrderDetails details(Command command, ChannelAccount account) {
    Merchant merchant = command.merchant();
    String appId = "";
    String subAppId = "";
    String openId = "";
    String subOpenId = "";
    String userId = "";
    switch (command.payer()) {
      case Payer.WechatUser payer -> {
        if (account instanceof ChannelAccount.Wechat wechat) {
          appId = command.appId().orElse(wechat.appId());
          subAppId = command.subAppId().or(wechat::subAppId).orElse("");
        }
        openId = payer.openId().orElse("");
        subOpenId = payer.subOpenId().orElse("");
      }
      case Payer.AlipayUser payer -> userId = payer.userId();
    }
    return new OrderDetails(
        command.body().or(merchant::defaultBody).orElseThrow(),
        command.detail(),
        command.remark(),
        command.wechat(),
        appId,
        subAppId,
        openId,
        subOpenId,
        userId,
        command.terminal(),
        command.nonce(),
        "");
  }

  /// Endpoint, channel, ids, amount, what is sold, who pays; not the terminal, the nonce, the
  /// remark and the expiry, which a repetition may change.
  private static byte[] fingerprint(PaymentOrder order, Merchant merchant) {
    OrderDetails details = order.details();
    return Fingerprint.of(
        Stream.of(
                "official_account_pay",
                order.platform().name(),
                Integer.toString(order.subPlatform()),
                merchant.provider().value(),
                merchant.id().value(),
                order.shop().value(),
                order.total().toString(),
                details.body(),
                details.detail(),
                details.appId(),
                details.subAppId(),
                details.openId(),
                details.subOpenId(),
                details.userId(),
                details.wechat().attach().orElse(""),
                details.wechat().goodsTag().orElse(""),
                details.wechat().productId().orElse(""),
                details.wechat().limitPay().orElse(""),
                order.topUp().map(Uin::toString).orElse(""))
            .toArray(String[]::new));
  }
}
