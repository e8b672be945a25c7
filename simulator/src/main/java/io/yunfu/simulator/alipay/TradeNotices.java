package io.yunfu.simulator.alipay;

import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.NotifySignFault;
import io.yunfu.simulator.fault.Effect.PayloadKind;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.Draft;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Tells merchants what has become of their trades. Source: channels.md, section 4.10.
final class TradeNotices {
  /// Eight deliveries within 25 hours.
  private static final List<Duration> GAPS =
      List.of(
          Duration.ofMinutes(4),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(15));

  private static final String ACKNOWLEDGED = "success";
  private static final OpenCharset CHARSET = OpenCharset.UTF_8;

  /// Larger than any notice has a reason to be.
  private static final int BIG = 2_000_000;

  private static final int DEEP = 20_000;

  private final Surroundings world;
  private final Supplier<AlipaySettings> settings;

  TradeNotices(Surroundings world, Supplier<AlipaySettings> settings) {
    this.world = world;
    this.settings = settings;
  }

  /// A trade has reached a state by itself, not by a refund.
  ///
  /// @param kind of the notice, for rules of faults: `pay`, `close`, `finish`
  void reached(Trade trade, String kind) {
    if (settings.get().notifies().contains(trade.status())) {
      tell(trade, kind, Optional.empty());
    }
  }

  /// Refunds are always told: a part with `TRADE_SUCCESS` once more, the whole with `TRADE_CLOSED`.
  void refunded(Trade trade, Refund refund) {
    tell(trade, "refund", Optional.of(refund));
  }

  private void tell(Trade trade, String kind, Optional<Refund> refund) {
    if (trade.origin().notifyUrl().isEmpty()) {
      return;
    }
    URI target = trade.origin().notifyUrl().get();
    List<Effect> effects =
        world
            .faults()
            .take(
                new Occasion(
                    Stage.NOTICE,
                    AlipayChannel.NAME,
                    kind,
                    trade.outTradeNo(),
                    List.of(trade.origin().app().id(), trade.seller().id()),
                    trade.outTradeNo()));
    Map<String, String> form = new Form(trade, refund).fields();
    twist(form, effects);
    sign(form, trade.origin().app(), effects);
    byte[] body = FormText.write(form, CHARSET.charset()).getBytes(StandardCharsets.US_ASCII);
    world
        .notices()
        .queue(
            new Draft(
                AlipayChannel.NAME,
                kind,
                trade.outTradeNo(),
                target,
                "application/x-www-form-urlencoded; charset=" + CHARSET.spelling(),
                body,
                GAPS,
                TradeNotices::acknowledges,
                effects));
  }

  /// Exactly the seven characters; the lenient judge forgives white space and what follows.
  static boolean acknowledges(int status, byte[] body, boolean strict) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return status == 200
        && (strict ? text.equals(ACKNOWLEDGED) : text.strip().startsWith(ACKNOWLEDGED));
  }

  /// What a notice says, in the order in which the channel sends it.
  private final class Form {
    private final Map<String, String> fields = new LinkedHashMap<>();

    Form(Trade trade, Optional<Refund> refund) {
      Instant now = world.timeline().now();
      App app = trade.origin().app();
      put("gmt_create", BeijingTime.text(trade.created()));
      put("charset", CHARSET.spelling());
      put("seller_email", trade.seller().email());
      put("subject", trade.terms().subject());
      trade.terms().body().ifPresent(body -> put("body", body));
      trade
          .buyer()
          .ifPresent(payer -> {
            put("buyer_logon_id", payer.logonId());
            if (app.traits().openIds()) {
              put("buyer_open_id", payer.user().alipayOpenId());
            } else {
              put("buyer_id", payer.user().alipayUserId());
            }
          });
      put(
          "notify_id",
          BeijingTime.day(now) + "00222" + world.seed().of("alipay notify").digits(21));
      put("notify_type", "trade_status_sync");
      put("notify_time", BeijingTime.text(now));
      put("trade_status", trade.status().name());
      put("app_id", app.id());
      put("auth_app_id", app.id());
      put("seller_id", trade.seller().id());
      put("trade_no", trade.number());
      put("out_trade_no", trade.outTradeNo());
      trade.terms().passbackParams().ifPresent(text -> put("passback_params", text));
      put("total_amount", Yuan.text(trade.terms().total()));
      trade.payment().ifPresent(this::payment);
      refund.ifPresent(each -> {
        put("out_biz_no", each.requestNo());
        put("refund_fee", Yuan.text(trade.refunded()));
        put("gmt_refund", BeijingTime.exact(each.at()));
      });
      trade.closed().ifPresent(at -> put("gmt_close", BeijingTime.text(at)));
      put("version", "1.0");
    }

    private void payment(Trade.Payment payment) {
      Funds funds = payment.funds();
      put("receipt_amount", Yuan.text(funds.toMerchant()));
      put("buyer_pay_amount", Yuan.text(funds.fromBuyer()));
      put("invoice_amount", Yuan.text(funds.fromBuyer()));
      put("point_amount", "0.00");
      put("gmt_payment", BeijingTime.text(payment.at()));
      put("fund_bill_list", Json.text(TradeTexts.fundBills(payment, "fundChannel")));
      if (!funds.coupons().isZero()) {
        put(
            "voucher_detail_list",
            Json.text(TradeTexts.vouchers(payment, TradeTexts.Spelling.CAMEL)));
      }
    }

    /// An empty value is left out: the vendor's Node SDK would sign it, its Java SDK not.
    private void put(String name, String value) {
      if (!value.isEmpty()) {
        fields.put(name, value);
      }
    }

    Map<String, String> fields() {
      return fields;
    }
  }

  /// Faults of the content; they are signed like the rest.
  private void twist(Map<String, String> form, List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.NotifyMutate(String field, Optional<String> value) ->
            value.ifPresentOrElse(text -> form.put(field, text), () -> form.remove(field));
        case Effect.NotifyExtra(int coupons) -> extra(form, coupons);
        case Effect.NotifyPayload(PayloadKind kind) -> payload(form, kind);
        default -> {}
      }
    }
  }

  private static void extra(Map<String, String> form, int coupons) {
    form.put("x_new_field", "nobody knows this yet");
    form.put("x_new_field_2", "新字段 a=b&c=d %41+ \"\\/");
    List<Map<String, String>> vouchers = new ArrayList<>();
    for (int i = 0; i < coupons; i++) {
      vouchers.add(Map.of("amount", "0.00", "name", "券" + i, "type", "ALIPAY_FIX_VOUCHER"));
    }
    if (!vouchers.isEmpty()) {
      form.put("voucher_detail_list", Json.text(vouchers));
    }
  }

  /// A form has no entities, so what is made for parsers of XML comes as the value of a field that
  /// some would parse; what is deep or big is so in the JSON of one.
  private void payload(Map<String, String> form, PayloadKind kind) {
    switch (kind) {
      case XXE ->
          form.put(
              "fund_bill_list",
              "<!DOCTYPE r [<!ENTITY x SYSTEM \""
                  + world.places().admin()
                  + "/_sim/canary/"
                  + world.seed().of("alipay canary").hex(12)
                  + "\">]><r>&x;</r>");
      case BILLION_LAUGHS -> {
        var text = new StringBuilder("<!DOCTYPE r [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 10; i++) {
          text.append("<!ENTITY l").append(i).append(" \"");
          text.repeat("&l" + (i - 1) + ";", 10).append("\">");
        }
        form.put("fund_bill_list", text.append("]><r>&l9;</r>").toString());
      }
      case DEEP -> form.put("fund_bill_list", "[".repeat(DEEP) + "]".repeat(DEEP));
      case BIG -> form.put("body", "大".repeat(BIG / 3));
    }
  }

  private void sign(Map<String, String> form, App app, List<Effect> effects) {
    Optional<NotifySignFault> fault =
        Faults.first(effects, Effect.NotifySign.class).map(Effect.NotifySign::fault);
    byte[] text = CHARSET.bytes(SignText.ofNotice(form));
    if (fault.isEmpty()) {
      form.put("sign_type", Rsa2.NAME);
      form.put("sign", Rsa2.sign(app.channelPrivateKey(), text));
      return;
    }
    switch (fault.get()) {
      case MISSING -> {}
      case BAD -> {
        form.put("sign_type", Rsa2.NAME);
        form.put("sign", Rsa2.spoilt(Rsa2.sign(app.channelPrivateKey(), text)));
      }
      case STALE_KEY -> {
        form.put("sign_type", Rsa2.NAME);
        form.put("sign", Rsa2.sign(app.strangersPrivateKey(), text));
      }
      // The counterpart of the weaker algorithm at the other channel.
      case MD5_FOR_HMAC_ORDER -> {
        form.put("sign_type", "RSA");
        form.put("sign", Rsa2.signSha1(app.channelPrivateKey(), text));
      }
    }
  }
}
