package io.yunfu.server.api.cpay;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.PublicIds;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.KeyOwner;
import io.yunfu.wire.cpay.MerchantIds;
import io.yunfu.wire.cpay.OrderClient;
import io.yunfu.wire.cpay.RsaKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A sub-merchant of the gateway, as the pipeline sees it.
record MerchantSeller(Merchant merchant) implements Seller {
  /// Whoever a request names, disabled ones included.
  static Optional<MerchantSeller> find(Merchants merchants, KeyOwner owner) {
    return (switch (owner) {
          case KeyOwner.SubMerchant(String id) -> merchants.find(new SubMerchantId(id));
          case KeyOwner.Shop(String id) -> merchants.findByShop(new ShopId(id));
        })
        .map(MerchantSeller::new);
  }

  @Override
  public String id() {
    return merchant.id().value();
  }

  @Override
  public List<AuthenKey> keys(Instant at) {
    return merchant.keysAt(at).stream().map(key -> AuthenKey.of(key.reveal())).toList();
  }

  @Override
  public Optional<RsaKey> rsaKey() {
    return merchant.rsaPublicKey().map(RsaKey::of);
  }

  @Override
  public boolean refundsNeedRsa() {
    return merchant.rsaRequired();
  }

  @Override
  public boolean isEnabled() {
    return merchant.active();
  }

  @Override
  public boolean owns(MerchantIds ids) {
    return ids.outMchId().equals(merchant.provider().value())
        && ids.outSubMchId().equals(merchant.id().value())
        && shop(ids.outShopId()).isPresent();
  }

  @Override
  public boolean sellsIn(String outShopId) {
    return shop(outShopId).filter(Merchant.Shop::active).isPresent();
  }

  @Override
  public Optional<String> unknownTerminal(String outShopId, OrderClient client) {
    var shop = shop(outShopId).filter(_ -> merchant.terminalsChecked());
    if (shop.isEmpty()) {
      return Optional.empty();
    }
    if (!client.deviceId().map(shop.get()::hasDevice).orElse(true)) {
      return Optional.of("order_client.device_id");
    }
    return client.staffId().map(shop.get()::hasStaff).orElse(true)
        ? Optional.empty()
        : Optional.of("order_client.staff_id");
  }

  private Optional<Merchant.Shop> shop(String id) {
    return Optional.of(id).filter(PublicIds::isPossible).map(ShopId::new).flatMap(merchant::shop);
  }

  @Override
  public boolean hasPrefixOf(String number) {
    return merchant.hasPrefixOf(number);
  }
}
