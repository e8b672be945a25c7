package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.people.PaymentCode;
import io.yunfu.simulator.people.User;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What merchants may do with trades: sections 4.3 to 4.8 of channels.md. Runs in steps.
final class Trading {
  /// How long a code of `alipay.trade.precreate` can be scanned. Source: section 4.4.
  private static final Duration QR_LIFE = Duration.ofHours(2);

  /// How long after the beginning a trade can be cancelled.
  private static final Duration CANCEL_WINDOW = Duration.ofHours(24);

  /// Above it, a payment by code asks for the password.
  private static final Money WITHOUT_PASSWORD = Money.cny(1000_00);

  private final Surroundings world;
  private final Book book;
  private final Payments payments;

  Trading(Surroundings world, Book book, Payments payments) {
    this.world = world;
    this.book = book;
    this.payments = payments;
  }

  OpenAnswer create(Caller caller, BizContent content) {
    Optional<OpenAnswer> wrong = wrongSeller(caller, content);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Terms terms = Terms.read(content);
    Optional<User> user = buyer(content);
    if (user.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.BUYER_NOT_EXIST);
    }
    Payer payer = new Payer(user.get());
    Optional<Trade> known = book.find(caller.seller(), terms.outTradeNo());
    Optional<Reason> objection = known.flatMap(trade -> objection(trade, terms));
    if (objection.isEmpty() && known.flatMap(Trade::buyer).filter(payer::equals).isEmpty()) {
      objection =
          known.isPresent() ? Optional.of(Reason.TRADE_BUYER_NOT_MATCH) : unfit(caller, payer);
    }
    if (objection.isEmpty() && known.isEmpty()) {
      objection = untimely(terms);
    }
    if (objection.isPresent()) {
      return OpenAnswer.Refused.of(objection.get());
    }
    Trade trade =
        known.orElseGet(
            () -> payments.begin(origin(caller, terms), Optional.of(payer), deadline(terms)));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("out_trade_no", trade.outTradeNo());
    fields.put("trade_no", trade.number());
    return OpenAnswer.Done.of(fields);
  }

  OpenAnswer precreate(Caller caller, BizContent content) {
    Optional<OpenAnswer> wrong = wrongSeller(caller, content);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Terms terms = Terms.read(content);
    Optional<TimeLimit> life =
        content
            .text("qr_code_timeout_express", 6)
            .map(text ->
                TimeLimit.read(text)
                    .orElseThrow(() ->
                        new InvalidField("qr_code_timeout_express", "must be 1m to 15d, or 1c")));
    Optional<Reason> objection =
        book.find(caller.seller(), terms.outTradeNo())
            .flatMap(trade -> objection(trade, terms))
            .or(() -> untimely(terms));
    if (objection.isPresent()) {
      return OpenAnswer.Refused.of(objection.get());
    }
    Instant now = world.timeline().now();
    QrCode code =
        book.offer(
            origin(caller, terms), life.map(each -> each.from(now)).orElse(now.plus(QR_LIFE)));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("out_trade_no", terms.outTradeNo());
    fields.put("qr_code", code.content());
    return OpenAnswer.Done.of(fields);
  }

  OpenAnswer pay(Caller caller, BizContent content) {
    Optional<OpenAnswer> wrong = wrongSeller(caller, content);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Terms terms = Terms.read(content);
    if (!content.needText("scene", 32).equals("bar_code")) {
      throw new InvalidField("scene", "must be bar_code");
    }
    String digits = content.needText("auth_code", 64);
    Optional<Trade> known = book.find(caller.seller(), terms.outTradeNo());
    Optional<Reason> objection =
        known.flatMap(trade -> objection(trade, terms)).or(() -> untimely(terms));
    if (objection.isPresent()) {
      return OpenAnswer.Refused.of(objection.get());
    }
    Optional<PaymentCode> code = usable(digits);
    if (code.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.PAYMENT_AUTH_CODE_INVALID);
    }
    world.people().spend(code.get());
    Payer payer = new Payer(code.get().user());
    if (known.flatMap(Trade::buyer).filter(buyer -> !buyer.equals(payer)).isPresent()) {
      return OpenAnswer.Refused.of(Reason.TRADE_BUYER_NOT_MATCH);
    }
    return charge(caller, terms, known, payer);
  }

  private OpenAnswer charge(Caller caller, Terms terms, Optional<Trade> known, Payer payer) {
    Optional<Reason> objection = unfit(caller, payer).or(() -> payments.objection(payer, terms));
    if (objection.isPresent()) {
      return OpenAnswer.Refused.of(objection.get());
    }
    Trade trade =
        known.orElseGet(
            () -> payments.begin(origin(caller, terms), Optional.of(payer), deadline(terms)));
    if (payer.user().needsPassword() || terms.total().compareTo(WITHOUT_PASSWORD) > 0) {
      trade.tell(world.timeline().now(), "the payer is asked for the password");
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("trade_no", trade.number());
      fields.put("out_trade_no", trade.outTradeNo());
      fields.put("total_amount", Yuan.text(terms.total()));
      TradeTexts.putBuyer(fields, caller.app(), payer);
      return new OpenAnswer.Done(OpenCode.WAITING, fields);
    }
    objection = payments.pay(trade, payer, Funds.plain(terms.total()));
    if (objection.isPresent()) {
      trade.tell(world.timeline().now(), "not paid: " + objection.get());
      return OpenAnswer.Refused.of(objection.get());
    }
    return OpenAnswer.Done.of(TradeTexts.paid(caller.app(), trade));
  }

  OpenAnswer query(Caller caller, BizContent content) {
    Optional<Trade> trade = find(caller, content);
    return trade.isEmpty()
        ? OpenAnswer.Refused.of(Reason.TRADE_NOT_EXIST)
        : OpenAnswer.Done.of(
            TradeTexts.query(caller.app(), trade.get(), content.texts("query_options")));
  }

  OpenAnswer close(Caller caller, BizContent content) {
    content.text("operator_id", 28);
    Optional<Trade> found = find(caller, content);
    if (found.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.TRADE_NOT_EXIST);
    }
    Trade trade = found.get();
    return switch (trade.status()) {
      case WAIT_BUYER_PAY -> {
        payments.close(trade, "by the merchant");
        yield OpenAnswer.Done.of(TradeTexts.numbers(trade));
      }
      case TRADE_SUCCESS, TRADE_FINISHED -> OpenAnswer.Refused.of(Reason.TRADE_STATUS_ERROR);
      case TRADE_CLOSED -> OpenAnswer.Refused.of(Reason.REASON_TRADE_STATUS_INVALID);
    };
  }

  /// Undoes a trade whatever its state, for shops whose payer stands waiting.
  OpenAnswer cancel(Caller caller, BizContent content) {
    Optional<Trade> found = find(caller, content);
    if (found.isEmpty()) {
      return withdraw(caller, content);
    }
    Trade trade = found.get();
    Instant now = world.timeline().now();
    return switch (trade.status()) {
      case WAIT_BUYER_PAY -> {
        payments.close(trade, "cancelled by the merchant");
        yield cancelled(trade, "close");
      }
      case TRADE_CLOSED -> cancelled(trade, trade.payment().isPresent() ? "refund" : "close");
      case TRADE_FINISHED -> OpenAnswer.Refused.of(Reason.TRADE_HAS_FINISHED);
      case TRADE_SUCCESS -> {
        if (now.isAfter(trade.created().plus(CANCEL_WINDOW))) {
          yield OpenAnswer.Refused.of(Reason.TRADE_CANCEL_TIME_OUT);
        }
        Refund rest =
            payments.draft(
                trade,
                trade.outTradeNo() + "_cancel",
                trade.remaining().total(),
                Optional.of("cancelled by the merchant"));
        Optional<Reason> objection = payments.refund(trade, rest);
        yield objection.isPresent()
            ? OpenAnswer.Refused.of(objection.get())
            : cancelled(trade, "refund");
      }
    };
  }

  /// There is no trade; if there is a code, it must not become one any more.
  private OpenAnswer withdraw(Caller caller, BizContent content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Optional<String> outTradeNo = content.text("out_trade_no", 64);
    outTradeNo.ifPresent(number -> {
      book.codes(caller.seller(), number).forEach(book::withdraw);
      fields.put("out_trade_no", number);
    });
    fields.put("retry_flag", "N");
    return OpenAnswer.Done.of(fields);
  }

  private static OpenAnswer cancelled(Trade trade, String action) {
    Map<String, Object> fields = TradeTexts.numbers(trade);
    fields.put("retry_flag", "N");
    fields.put("action", action);
    return OpenAnswer.Done.of(fields);
  }

  OpenAnswer refund(Caller caller, BizContent content) {
    Money amount = content.needAmount("refund_amount");
    if (!amount.isPositive()) {
      throw new InvalidField("refund_amount", "must be at least 0.01");
    }
    Optional<String> reason = content.text("refund_reason", 256);
    Optional<Trade> found = find(caller, content);
    if (found.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.TRADE_NOT_EXIST);
    }
    Trade trade = found.get();
    String requestNo = requestNo(content, trade, amount);
    Optional<Refund> earlier = trade.refund(requestNo);
    if (earlier.isPresent()) {
      return earlier.get().amount().equals(amount)
          ? OpenAnswer.Done.of(
              TradeTexts.refunded(caller.app(), trade, earlier.get(), false, options(content)))
          : OpenAnswer.Refused.of(Reason.DISCORDANT_REPEAT_REQUEST);
    }
    return switch (trade.status()) {
      case WAIT_BUYER_PAY -> OpenAnswer.Refused.of(Reason.TRADE_STATUS_ERROR);
      case TRADE_CLOSED -> OpenAnswer.Refused.of(Reason.TRADE_HAS_CLOSE);
      case TRADE_FINISHED -> OpenAnswer.Refused.of(Reason.TRADE_HAS_FINISHED);
      case TRADE_SUCCESS ->
          amount.compareTo(trade.remaining().total()) > 0
              ? OpenAnswer.Refused.of(Reason.REFUND_AMT_NOT_EQUAL_TOTAL)
              : giveBack(caller, trade, payments.draft(trade, requestNo, amount, reason), content);
    };
  }

  private OpenAnswer giveBack(Caller caller, Trade trade, Refund draft, BizContent content) {
    List<Effect> effects =
        world
            .faults()
            .take(
                new Occasion(
                    Stage.REFUND,
                    AlipayChannel.NAME,
                    "refund",
                    trade.outTradeNo(),
                    List.of(trade.origin().app().id(), trade.seller().id()),
                    trade.outTradeNo()));
    Optional<Effect.RefundEnding> ending =
        Faults.first(effects, Effect.RefundEnd.class).map(Effect.RefundEnd::ending);
    if (ending.filter(Effect.RefundEnding.CLOSE::equals).isPresent()) {
      trade.tell(world.timeline().now(), "refund " + draft.requestNo() + " came to nothing");
      return OpenAnswer.Done.of(TradeTexts.refunded(caller.app(), trade, draft, false, List.of()));
    }
    Refund refund = ending.isPresent() ? draft.notDeposited() : draft;
    Optional<Reason> objection = payments.refund(trade, refund);
    return objection.isPresent()
        ? OpenAnswer.Refused.of(objection.get())
        : OpenAnswer.Done.of(
            TradeTexts.refunded(caller.app(), trade, refund, true, options(content)));
  }

  OpenAnswer queryRefund(Caller caller, BizContent content) {
    String requestNo = content.needText("out_request_no", 64);
    Optional<Trade> found = find(caller, content);
    if (found.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.TRADE_NOT_EXIST);
    }
    Trade trade = found.get();
    return OpenAnswer.Done.of(
        trade
            .refund(requestNo)
            .map(refund -> TradeTexts.refundQuery(trade, refund, options(content)))
            .orElseGet(() -> TradeTexts.numbers(trade)));
  }

  private static List<String> options(BizContent content) {
    return content.texts("query_options");
  }

  /// Needed for a part. Without it the whole is refunded under the trade's own number.
  private static String requestNo(BizContent content, Trade trade, Money amount) {
    Optional<String> given = content.text("out_request_no", 64);
    if (given.isEmpty() && !amount.equals(trade.terms().total())) {
      throw new InvalidField("out_request_no", "is missing, which only a refund of all may be");
    }
    return given.orElse(trade.outTradeNo());
  }

  /// By `trade_no`, which wins, or by `out_trade_no`. A trade of another seller does not exist.
  private Optional<Trade> find(Caller caller, BizContent content) {
    Optional<String> tradeNo = content.text("trade_no", 64);
    if (tradeNo.isPresent()) {
      return book.find(tradeNo.get())
          .filter(trade -> trade.seller().id().equals(caller.seller().id()));
    }
    String outTradeNo =
        content
            .text("out_trade_no", 64)
            .orElseThrow(() -> new InvalidField("out_trade_no", "and trade_no are both missing"));
    return book.find(caller.seller(), outTradeNo);
  }

  /// Why a number that is taken cannot be submitted again.
  private static Optional<Reason> objection(Trade trade, Terms again) {
    return switch (trade.status()) {
      case TRADE_SUCCESS, TRADE_FINISHED -> Optional.of(Reason.TRADE_HAS_SUCCESS);
      case TRADE_CLOSED -> Optional.of(Reason.TRADE_HAS_CLOSE);
      case WAIT_BUYER_PAY ->
          trade.terms().agreesWith(again)
              ? Optional.empty()
              : Optional.of(Reason.CONTEXT_INCONSISTENT);
    };
  }

  private Optional<Reason> untimely(Terms terms) {
    if (terms.total().compareTo(Yuan.MOST) > 0) {
      return Optional.of(Reason.TOTAL_FEE_EXCEED);
    }
    return deadline(terms).isAfter(world.timeline().now())
        ? Optional.empty()
        : Optional.of(Reason.NOW_TIME_AFTER_EXPIRE_TIME);
  }

  private static Optional<Reason> unfit(Caller caller, Payer payer) {
    return payer.user().alipayUserId().equals(caller.seller().id())
        ? Optional.of(Reason.BUYER_SELLER_EQUAL)
        : Optional.empty();
  }

  private static Optional<OpenAnswer> wrongSeller(Caller caller, BizContent content) {
    return content
        .text("seller_id", 28)
        .filter(id -> !id.equals(caller.seller().id()))
        .map(_ -> OpenAnswer.Refused.of(Reason.ACCESS_FORBIDDEN));
  }

  /// Named in exactly one of two ways. Empty if it is nobody.
  private Optional<User> buyer(BizContent content) {
    Optional<String> userId = content.text("buyer_id", 28);
    Optional<String> openId = content.text("buyer_open_id", 128);
    if (userId.isPresent() == openId.isPresent()) {
      throw new InvalidField("buyer_id", "or else buyer_open_id must be given");
    }
    if (userId.filter(id -> !id.matches("2088[0-9]{12}")).isPresent()) {
      throw new InvalidField("buyer_id", "must be 16 digits that begin with 2088");
    }
    return userId.isPresent()
        ? world.people().byAlipayUserId(userId.get())
        : world.people().byAlipayOpenId(openId.get());
  }

  private Optional<PaymentCode> usable(String digits) {
    if (!digits.matches("(2[5-9]|30)[0-9]{14,22}")) {
      return Optional.empty();
    }
    return world
        .people()
        .code(digits)
        .filter(code -> !code.used() && world.timeline().now().isBefore(code.expires()));
  }

  private Instant deadline(Terms terms) {
    return terms.deadline().from(world.timeline().now());
  }

  private static Trade.Origin origin(Caller caller, Terms terms) {
    return new Trade.Origin(caller.app(), caller.seller(), caller.notifyUrl(), terms);
  }
}
