package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One merchant with its keys, in both modes, and Alipay's half of them. Made by `generate.sh`
/// beside the files.
final class Fixture {
  static final Instant NOW = Instant.parse("2027-01-01T04:00:00Z");

  static final String APP_ID = "2021000000000001";
  static final String SELLER = "2088000000000101";
  static final String TOKEN = "202701BBf5a1bTestTokenOfTheSubMerchant61";
  static final String ORDER = "cp0120260101000000000000000001";
  static final String TRADE = "2026010122000000000000000001";

  private Fixture() {}

  static ChannelAccount.Alipay publicKeyMode() {
    return account(new AlipayTrust.PublicKey(file("alipay.pub")));
  }

  static ChannelAccount.Alipay certificateMode() {
    return account(
        new AlipayTrust.Certificates(
            file("application.pem"),
            List.of(file("alipay.pem"), file("alipay-next.pem")),
            file("roots.pem")));
  }

  static ChannelAccount.Alipay account(AlipayTrust trust) {
    return new ChannelAccount.Alipay(
        APP_ID,
        Secret.of(file("application.key")),
        trust,
        Optional.of(Secret.of(TOKEN)),
        Optional.of(SELLER),
        Optional.of("2088000000000999"));
  }

  static OrderReference order() {
    return new OrderReference(ORDER, Optional.empty(), Money.cny(101), Optional.empty());
  }

  static OrderReference orderWithTrade() {
    return new OrderReference(ORDER, Optional.of(TRADE), Money.cny(101), Optional.empty());
  }

  /// As Alipay signs: with the key in that file.
  static String sign(String text, String keyFile) {
    try {
      return Rsa2.sign(text.getBytes(UTF_8), Rsa2.privateKey(Secret.of(file(keyFile))));
    } catch (CredentialsUnfit e) {
      throw new IllegalStateException(e);
    }
  }

  /// The notice of a payment, unsigned, in Alipay's order of parameters.
  static Map<String, String> notice() {
    Map<String, String> notice = new LinkedHashMap<>();
    notice.put("gmt_create", "2027-01-01 12:00:00");
    notice.put("charset", "utf-8");
    notice.put("gmt_payment", "2027-01-01 12:00:20");
    notice.put("notify_time", "2027-01-01 12:00:21");
    notice.put("subject", "测试门店-豆浆 100%+1");
    notice.put("buyer_id", "2088000000000001");
    notice.put("invoice_amount", "1.01");
    notice.put("version", "1.0");
    notice.put("notify_id", "2027010100222120020000000000000001");
    notice.put("fund_bill_list", "[{\"amount\":\"1.01\",\"fundChannel\":\"ALIPAYACCOUNT\"}]");
    notice.put("notify_type", "trade_status_sync");
    notice.put("out_trade_no", ORDER);
    notice.put("total_amount", "1.01");
    notice.put("trade_status", "TRADE_SUCCESS");
    notice.put("trade_no", TRADE);
    notice.put("auth_app_id", "2021000000000002");
    notice.put("receipt_amount", "1.00");
    notice.put("point_amount", "0.00");
    notice.put("app_id", APP_ID);
    notice.put("buyer_pay_amount", "0.99");
    notice.put("sign_type", "RSA2");
    notice.put("seller_id", SELLER);
    notice.put("buyer_logon_id", "138****0001");
    return notice;
  }

  /// Signs as Alipay does, by a way of our own: sorted, without `sign_type`, without what is empty.
  static byte[] signedForm(Map<String, String> notice, String keyFile) {
    String text =
        notice.entrySet().stream()
            .filter(pair -> !pair.getKey().equals("sign_type") && !pair.getValue().isEmpty())
            .sorted(Map.Entry.comparingByKey())
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining("&"));
    Map<String, String> signed = new LinkedHashMap<>(notice);
    signed.put("sign", sign(text, keyFile));
    return form(signed);
  }

  static byte[] form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
        .collect(Collectors.joining("&"))
        .getBytes(UTF_8);
  }

  static String file(String name) {
    try (InputStream file = Fixture.class.getResourceAsStream("/alipay/" + name)) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
