package io.yunfu.demo;

import io.yunfu.billing.account.Accounts;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.ManageMerchants.NewProvider;
import io.yunfu.gateway.merchant.ManageMerchants.NewShop;
import io.yunfu.gateway.merchant.ManageMerchants.NewSubMerchant;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.MerchantRefused;
import io.yunfu.gateway.merchant.PlacedProvider;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import io.yunfu.server.Wiring;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The merchant of a demo: imported, as a merchant is that moves here with its ids, so that the
/// published example of `official_account_pay` works against it unchanged. Only its keys are its
/// own: those of the example were never published.
final class SampleMerchants {
  /// Of `demo.json`.
  static final String MERCHANTS = "merchants";

  // As in the published example of a request. Source: official_account_pay, "示例".
  private static final ProviderId PROVIDER = new ProviderId("sz01CRXVcdYDyJik8873");
  private static final SubMerchantId SUB_MERCHANT = new SubMerchantId("sz01KuceBtrckIKw339L");
  private static final ShopId SHOP = new ShopId("sz01NmziKgZQmAI98Kij");
  private static final String PREFIX = "sz01743939";

  /// As the simulator charges WeChat Pay's merchants. Unit: parts per million.
  private static final int FEE_PPM = 6_000;

  private static final Operator OPERATOR = SampleData.OPERATOR;

  private final ManageMerchants merchants;
  private final Accounts accounts;
  private final SampleChannels channels;

  SampleMerchants(Wiring.Running running, SampleChannels channels, Clock clock) {
    this.merchants =
        new ManageMerchants(running.cells(), running.masterKey(), clock, new SecureRandom(), "");
    this.accounts = new Accounts(running.cells());
    this.channels = channels;
  }

  /// Puts the merchant in, or finds it there with the keys it has; and renews what the channels
  /// know it by.
  ///
  /// @param demo what `demo.json` says, and will say; its accounts are there already
  void into(ObjectNode demo) {
    if (demo.path(MERCHANTS).isEmpty()) {
      var merchant = demo.putArray(MERCHANTS).addObject();
      Secret providerKey = provider(beside(demo));
      Secret key = subMerchant();
      shop();
      merchant.put("outMchId", PROVIDER.value());
      merchant.put("outSubMchId", SUB_MERCHANT.value());
      merchant.put("outShopId", SHOP.value());
      merchant.put("orderPrefix", PREFIX);
      merchant.put("authKey", key.reveal());
      merchant.put("providerKey", providerKey.reveal());
      merchant.put("wechatSubOpenId", channels.wechatPayer());
      merchant.put("alipayUserId", channels.alipayPayer());
    }
    merchants.setAccount(OPERATOR, PROVIDER, channels.wechatProvider()).orThrow();
    merchants.setAccount(OPERATOR, PROVIDER, channels.alipayProvider()).orThrow();
    merchants.setAccount(OPERATOR, SUB_MERCHANT, channels.wechatSubMerchant()).orThrow();
    merchants.setAccount(OPERATOR, SUB_MERCHANT, channels.alipaySubMerchant()).orThrow();
  }

  /// Says where the merchant hears of payments from now on.
  void callAt(URI callback) {
    merchants
        .change(
            OPERATOR,
            PROVIDER,
            old ->
                new PlacedProvider(
                    old.id(),
                    old.cell(),
                    old.name(),
                    old.active(),
                    notices(Optional.of(callback)),
                    old.createdAt(),
                    old.number()))
        .orThrow();
  }

  /// In the cell of the first account, so that its balance can be topped up through this merchant:
  /// money does not move between cells.
  private CellId beside(ObjectNode demo) {
    var uin = new Uin(demo.at("/" + SampleData.ACCOUNTS + "/0/uin").asLong());
    return accounts.find(uin).orElseThrow().cell();
  }

  private Secret provider(CellId cell) {
    var made =
        merchants.create(
            OPERATOR,
            new NewProvider(
                Optional.of(PROVIDER),
                "云付服务商",
                Optional.empty(),
                notices(Optional.empty()),
                Optional.of(cell)));
    if (isThere(made)) {
      return merchants.replaceKey(OPERATOR, PROVIDER, Optional.empty()).orThrow();
    }
    return made.orThrow().key();
  }

  private Secret subMerchant() {
    var made =
        merchants.create(
            OPERATOR,
            new NewSubMerchant(
                PROVIDER, Optional.of(SUB_MERCHANT), "云上咖啡", Optional.empty(), settings()));
    if (isThere(made)) {
      return merchants
          .replaceKey(OPERATOR, SUB_MERCHANT, Optional.empty(), Duration.ZERO)
          .orThrow();
    }
    return made.orThrow().key();
  }

  private void shop() {
    var made =
        merchants.create(
            OPERATOR, new NewShop(SUB_MERCHANT, Optional.of(SHOP), "南山店", "1", List.of()));
    if (!isThere(made)) {
      made.orThrow();
    }
  }

  /// A demo that was killed before it had written what it made has made the merchant already; its
  /// keys are lost.
  private static boolean isThere(Outcome<?, MerchantRefused> made) {
    return made instanceof Outcome.Refused<?, MerchantRefused>(MerchantRefused.IdTaken taken);
  }

  private static Merchant.NoticeSettings notices(Optional<URI> callback) {
    return new Merchant.NoticeSettings(
        callback,
        Merchant.NoticeKey.PROVIDER,
        Merchant.Acknowledgement.HTTP_200,
        false,
        Merchant.Schedule.STANDARD);
  }

  private static PlacedSubMerchant.Settings settings() {
    var usual = PlacedSubMerchant.Settings.of(PREFIX);
    return new PlacedSubMerchant.Settings(
        usual.prefixes(),
        true,
        usual.defaultBody(),
        // Long enough to look around in the cashier.
        Duration.ofMinutes(15),
        Optional.empty(),
        false,
        false,
        FEE_PPM,
        usual.latePayment());
  }
}
