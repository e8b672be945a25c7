package io.yunfu.simulator.wechat;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.PayloadKind;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.notice.Draft;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// What merchants are told: that an order was paid, and how a refund ended. Source: channels.md,
/// section 2.13.
final class MerchantNotices {
  private static final String ACKNOWLEDGEMENT_CODE = "return_code";

  /// The gaps between the sixteen deliveries. Unit: seconds.
  private static final List<Duration> GAPS =
      Stream.of(
              15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
          .map(Duration::ofSeconds)
          .toList();

  private static final int BIG = 10 * 1024 * 1024;
  private static final int DEEP = 20_000;

  private final Shop shop;

  MerchantNotices(Shop shop) {
    this.shop = shop;
  }

  /// Says that an order was paid, if it says where. To be called in a step.
  void paid(Order order, Transaction transaction) {
    String target = order.field("notify_url");
    if (target.isEmpty()) {
      return; // a payment by code: its answer said it
    }
    List<Effect> effects = effects("pay", order);
    Map<String, String> fields = head(order);
    fields.put("result_code", "SUCCESS");
    fields.putAll(OrderFields.paid(order, transaction));
    Optional<Effect.NotifySignFault> fault =
        Faults.first(effects, Effect.NotifySign.class).map(Effect.NotifySign::fault);
    if (order.signType() != SignType.MD5) {
      // Clients that go by the message take MD5 where nothing is said; a forger says MD5.
      fields.put("sign_type", Envelope.noticeType(order.signType(), fault).spelling());
    }
    twist(fields, effects);
    Map<String, String> signed =
        Envelope.signedNotice(fields, order.signType(), order.merchant().apiKey(), fault);
    queue("pay", order, target, signed, effects);
  }

  /// Says how a refund ended. To be called in a step.
  void refunded(Order order, Refund refund) {
    if (refund.notifyUrl().isEmpty()) {
      return;
    }
    List<Effect> effects = effects("refund", order);
    Map<String, String> inner = new LinkedHashMap<>();
    inner.put("transaction_id", refund.transaction().id());
    inner.put("out_trade_no", order.number());
    inner.put("refund_id", refund.id());
    inner.put("out_refund_no", refund.number());
    inner.put("total_fee", Long.toString(order.total()));
    inner.put("settlement_total_fee", Long.toString(refund.transaction().settlement()));
    inner.put("refund_fee", Long.toString(refund.fee()));
    inner.put("settlement_refund_fee", Long.toString(refund.settlementFee()));
    inner.put("refund_status", refund.state().name());
    if (refund.state() == RefundState.SUCCESS) {
      refund.ended().ifPresent(at -> inner.put("success_time", Times.refund(at)));
    }
    inner.put("refund_recv_accout", RefundQuery.receiver(refund));
    inner.put("refund_account", refund.account());
    inner.put("refund_request_source", "API");
    twist(inner, effects);
    Map<String, String> fields = head(order);
    boolean stale =
        Faults.first(effects, Effect.NotifySign.class)
            .filter(e -> e.fault() != Effect.NotifySignFault.MD5_FOR_HMAC_ORDER)
            .isPresent();
    String key = stale ? "NOBODYSKEY0000000000000000000000" : order.merchant().apiKey();
    fields.put("req_info", encrypted(Xml.write("root", inner), key));
    queue("refund", order, refund.notifyUrl().get(), fields, effects);
  }

  private List<Effect> effects(String kind, Order order) {
    return shop.world()
        .faults()
        .take(
            new Occasion(
                Stage.NOTICE,
                WechatChannel.NAME,
                kind,
                order.number(),
                List.of(order.merchant().mchId(), order.sub().subMchId()),
                order.number()));
  }

  private Map<String, String> head(Order order) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("return_code", "SUCCESS");
    fields.put("appid", order.field("appid"));
    fields.put("mch_id", order.merchant().mchId());
    OrderFields.put(fields, "sub_appid", order.field("sub_appid"));
    fields.put("sub_mch_id", order.sub().subMchId());
    fields.put("nonce_str", shop.nonce());
    return fields;
  }

  private static void twist(Map<String, String> fields, List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.NotifyMutate(String field, Optional<String> value) ->
            value.ifPresentOrElse(text -> fields.put(field, text), () -> fields.remove(field));
        case Effect.NotifyExtra(int coupons) -> {
          fields.put("a_field_of_tomorrow", "明天的字段 & <more>");
          if (coupons > 0) {
            fields.put("coupon_count", Integer.toString(coupons));
            fields.put("coupon_fee", Integer.toString(coupons));
            // So is said what coupons like the second one leave: here all.
            fields.putIfAbsent("settlement_total_fee", fields.getOrDefault("total_fee", ""));
          }
          for (int n = 0; n < coupons; n++) {
            fields.put("coupon_id_" + n, "1000000" + n);
            fields.put("coupon_type_" + n, n % 2 == 0 ? "CASH" : "NO_CASH");
            fields.put("coupon_fee_" + n, "1");
          }
        }
        default -> {} // of the delivery, or of the signature
      }
    }
  }

  private void queue(
      String kind, Order order, String target, Map<String, String> fields, List<Effect> effects) {
    String body =
        Faults.first(effects, Effect.NotifyPayload.class)
            .map(payload -> payload(payload.kind(), fields))
            .orElseGet(() -> Xml.write(fields));
    var notice =
        shop.world()
            .notices()
            .queue(
                new Draft(
                    WechatChannel.NAME,
                    kind,
                    order.number(),
                    URI.create(target),
                    "text/xml",
                    body.getBytes(StandardCharsets.UTF_8),
                    GAPS,
                    MerchantNotices::acknowledged,
                    effects));
    order.note(shop.now(), "notice " + notice.id() + " of the " + kind);
  }

  /// HTTP 200 and `return_code` `SUCCESS`; strictly, nothing around that XML.
  private static boolean acknowledged(int status, byte[] body, boolean strict) {
    if (status != 200) {
      return false;
    }
    String text = new String(body, StandardCharsets.UTF_8);
    if (!strict) {
      int start = text.indexOf("<xml>");
      int end = text.lastIndexOf("</xml>");
      if (start < 0 || end < start) {
        return false;
      }
      text = text.substring(start, end + "</xml>".length());
    }
    try {
      return "SUCCESS"
          .equals(Xml.read(text.getBytes(StandardCharsets.UTF_8)).get(ACKNOWLEDGEMENT_CODE));
    } catch (Refused e) {
      return false; // no XML
    }
  }

  /// AES-256-ECB with the MD5 of the key, in small hex, as key: the channel's choice.
  static String encrypted(String text, String apiKey) {
    try {
      String key =
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("MD5").digest(apiKey.getBytes(StandardCharsets.UTF_8)));
      Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"));
      return Base64.getEncoder()
          .encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES", e);
    }
  }

  private String payload(PayloadKind kind, Map<String, String> fields) {
    String genuine = Xml.write(fields);
    String inner = genuine.substring("<xml>".length());
    return switch (kind) {
      case XXE -> {
        String canary =
            shop.world().places().admin()
                + "/_sim/canary/"
                + shop.seed().of("wechat canary").hex(12);
        yield """
        <?xml version="1.0"?>
        <!DOCTYPE xml [
          <!ENTITY % remote SYSTEM "{}/parameter">
          %remote;
          <!ENTITY fetched SYSTEM "{}/general">
          <!ENTITY file SYSTEM "file:///etc/passwd">
        ]>
        <xml><attach>&fetched;&file;</attach>\
        """
                .replace("{}", canary)
            + inner;
      }
      case BILLION_LAUGHS -> {
        var entities = new StringBuilder("<!ENTITY e0 \"ha\">");
        for (int i = 1; i <= 9; i++) {
          entities.append("<!ENTITY e%d \"%s\">".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
        }
        yield "<?xml version=\"1.0\"?><!DOCTYPE xml ["
            + entities
            + "]><xml><attach>&e9;</attach>"
            + inner;
      }
      case DEEP -> "<xml><attach>" + "<a>".repeat(DEEP) + "</a>".repeat(DEEP) + "</attach>" + inner;
      case BIG -> "<xml><attach>" + "x".repeat(BIG) + "</attach>" + inner;
    };
  }
}
