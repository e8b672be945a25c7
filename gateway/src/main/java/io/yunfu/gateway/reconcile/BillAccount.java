package io.yunfu.gateway.reconcile;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.kernel.CellId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An account at a channel that has bills of its own: a provider's at WeChat Pay, whose bill is of
/// all its sub-merchants; a sub-merchant's at Alipay.
///
/// @param name as the channel numbers it
/// @param credentials of one of its sub-merchants; they can ask for the bill of all
/// @param members the sub-merchants that are paid into it, by their numbers here, with those that
///   the channel gives them in its bill; empty where it gives none
record BillAccount(
    PayPlatform platform, String name, ChannelAccount credentials, Map<Long, String> members) {
  BillAccount {
    members = Map.copyOf(members);
  }

  /// All of a cell at one channel.
  static List<BillAccount> of(Merchants merchants, CellId cell, PayPlatform platform) {
    Map<String, ChannelAccount> accounts = new LinkedHashMap<>();
    Map<String, Map<Long, String>> members = new LinkedHashMap<>();
    for (Merchant merchant : merchants.paidOver(cell, platform)) {
      ChannelAccount account = merchant.account(platform).orElseThrow();
      String name = name(merchant, account);
      accounts.putIfAbsent(name, account);
      members
          .computeIfAbsent(name, _ -> new LinkedHashMap<>())
          .put(merchant.number(), member(account));
    }
    return accounts.entrySet().stream()
        .map(one ->
            new BillAccount(
                platform,
                one.getKey(),
                one.getValue(),
                members.getOrDefault(one.getKey(), Map.of())))
        .toList();
  }

  /// Where Alipay's number of the account is not known, what else tells it from others.
  private static String name(Merchant merchant, ChannelAccount account) {
    return switch (account) {
      case ChannelAccount.Wechat wechat -> wechat.merchantNumber();
      case ChannelAccount.Alipay alipay ->
          alipay
              .sellerId()
              .orElseGet(
                  () -> alipay.appAuthToken().isPresent() ? merchant.id().value() : alipay.appId());
    };
  }

  private static String member(ChannelAccount account) {
    return switch (account) {
      case ChannelAccount.Wechat wechat -> wechat.subMerchantNumber();
      case ChannelAccount.Alipay _ -> "";
    };
  }
}
