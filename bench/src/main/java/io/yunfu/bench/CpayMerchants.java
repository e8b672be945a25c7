package io.yunfu.bench;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.ManageMerchants.NewProvider;
import io.yunfu.gateway.merchant.ManageMerchants.NewShop;
import io.yunfu.gateway.merchant.ManageMerchants.NewSubMerchant;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Those who are paid in one run: a provider and its sub-merchants, each with a key, a shop and a
/// prefix of its own, imported under ids that no earlier run had, and known to WeChat Pay by the
/// numbers that the simulator is told.
final class CpayMerchants {
  private static final String NUMBER = "1900000001";
  private static final String APP = "wx00000000000000aa";
  private static final String SUB_APP = "wx00000000000000bb";
  private static final String OPEN_ID = "oBench00000000000000000000001";
  private static final long FIRST_SUB_NUMBER = 1_900_100_000;
  private static final int KEY_BYTES = 16;

  /// Longer than a run, so that what was in doubt can be repeated at its end, and nothing that the
  /// server does to expired orders is in the figures.
  private static final Duration VALIDITY = Duration.ofDays(1);

  /// Digits of a prefix that tell the sub-merchant, and of an order's number after the prefix.
  private static final int SUB_DIGITS = 4;

  private static final int ORDER_DIGITS = 9;

  private final String run;
  private final long expiry;
  private final String apiKey;
  private final List<String> keys = new ArrayList<>();
  private final List<String> prefixes = new ArrayList<>();

  /// Thinks up their ids and keys.
  ///
  /// @param clock its moment tells this run from all before on the same database
  CpayMerchants(int count, Clock clock, SecureRandom random) {
    this.run = Long.toString(clock.millis(), Character.MAX_RADIX);
    this.expiry = clock.instant().plus(VALIDITY).getEpochSecond();
    this.apiKey = key(random);
    for (int i = 0; i < count; i++) {
      keys.add(key(random));
      prefixes.add(run + "x" + String.format(Locale.ROOT, "%0" + SUB_DIGITS + "d", i));
    }
  }

  private static String key(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// The simulator's configuration, in JSON.
  String simulator() {
    List<String> subs = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      subs.add(
          "{\"sub_mch_id\": \"%s\", \"sub_appids\": [\"%s\"]}".formatted(subNumber(i), SUB_APP));
    }
    return """
    {"requests_kept": 0, "wechat": {"merchants": [
      {"mch_id": "%s", "appids": ["%s"], "api_key": "%s", "sub": [%s]}]}}
    """
        .formatted(NUMBER, APP, apiKey, String.join(", ", subs));
  }

  /// Imports them.
  void into(BenchDatabase database, MasterKey masterKey, Clock clock, SecureRandom random) {
    var manage = new ManageMerchants(database.cells(), masterKey, clock, random, "");
    var operator = new Operator("bench", "bench-" + run);
    var provider = new ProviderId(provider());
    var notices =
        new Merchant.NoticeSettings(
            Optional.empty(),
            Merchant.NoticeKey.PROVIDER,
            Merchant.Acknowledgement.HTTP_200,
            false,
            Merchant.Schedule.STANDARD);
    manage
        .create(
            operator,
            new NewProvider(
                Optional.of(provider), "Bench", Optional.empty(), notices, Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            operator,
            provider,
            new ChannelCredentials.WechatProvider(
                NUMBER, List.of(APP), Secret.of(apiKey), SignType.MD5, Optional.empty()))
        .orThrow();
    for (int i = 0; i < keys.size(); i++) {
      var sub = new SubMerchantId(subMerchant(i));
      manage
          .create(
              operator,
              new NewSubMerchant(
                  provider,
                  Optional.of(sub),
                  "Bench " + i,
                  Optional.of(Secret.of(keys.get(i))),
                  PlacedSubMerchant.Settings.of(prefix(i))))
          .orThrow();
      manage
          .create(
              operator,
              new NewShop(sub, Optional.of(new ShopId(shop(i))), "Bench " + i, "", List.of()))
          .orThrow();
      manage
          .setAccount(
              operator,
              sub,
              new ChannelCredentials.WechatSubMerchant(subNumber(i), List.of(SUB_APP)))
          .orThrow();
    }
  }

  /// Their programs, by position.
  ///
  /// @param host as sent in the `Host` header
  List<CpayMerchant> clientsOf(String host) {
    List<CpayMerchant> clients = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      clients.add(
          new CpayMerchant(
              host, provider(), subMerchant(i), shop(i), OPEN_ID, expiry, keys.get(i)));
    }
    return clients;
  }

  /// Whose order it is, as a position.
  int position(long number) {
    return (int) (number % keys.size());
  }

  /// The `out_trade_no` of an order.
  String order(long number) {
    String digits = Long.toString(number); // a format would cost as much as the signature
    return prefix(position(number)) + "0".repeat(ORDER_DIGITS - digits.length()) + digits;
  }

  /// The number of an order, from its `out_trade_no`.
  long number(String order) {
    return Long.parseLong(order.substring(order.length() - ORDER_DIGITS));
  }

  private String provider() {
    return "bench" + run;
  }

  private String subMerchant(int position) {
    return "bench" + run + "s" + position;
  }

  private String shop(int position) {
    return "bench" + run + "h" + position;
  }

  private String prefix(int position) {
    return prefixes.get(position);
  }

  private static String subNumber(int position) {
    return Long.toString(FIRST_SUB_NUMBER + position);
  }
}
