package io.yunfu.gateway.merchant;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A sub-merchant with its provider and its shops: all that a call has to know of who sells.
///
/// @param number of the sub-merchant in its cell, and of its account in the ledger
/// @param active whether the provider and the sub-merchant may make new orders
/// @param keys what its requests are verified with, the newest first; see [#keysAt]
/// @param rsaPublicKey for refunds; X.509 in Base64 or PEM
/// @param terminalsChecked whether its calls may only name devices and staff that its shops have
/// @param feePpm what the channel keeps of a payment; unit: parts per million
/// @param accounts with the first of the app ids
/// @param appIds of the provider at WeChat
/// @param subAppIds of the sub-merchant at WeChat
/// @param refundNeedsRight whether every refund is checked as with `api_version` 2
public record Merchant(
    CellId cell,
    long number,
    ProviderId provider,
    SubMerchantId id,
    String name,
    boolean active,
    List<Key> keys,
    Secret providerKey,
    Optional<String> rsaPublicKey,
    boolean rsaRequired,
    List<String> prefixes,
    boolean prefixesChecked,
    Optional<String> defaultBody,
    Duration defaultExpiry,
    boolean refundNeedsRight,
    int feePpm,
    LatePayment latePayment,
    boolean terminalsChecked,
    NoticeSettings notices,
    Map<ShopId, Shop> shops,
    Map<PayPlatform, ChannelAccount> accounts,
    List<String> appIds,
    List<String> subAppIds) {
  public Merchant {
    keys = List.copyOf(keys);
    prefixes = List.copyOf(prefixes);
    shops = Map.copyOf(shops);
    accounts = Map.copyOf(accounts);
    appIds = List.copyOf(appIds);
    subAppIds = List.copyOf(subAppIds);
  }

  /// A key of its requests.
  ///
  /// @param until when it ends, where another one has taken its place
  public record Key(Secret secret, Optional<Instant> until) {}

  /// A place where it sells.
  ///
  /// @param ownNumber the sub-merchant's own number for it, or empty
  /// @param refundStaff who may refund there
  /// @param devices what calls may name, where that is checked
  /// @param staff likewise, besides those who may refund
  public record Shop(
      ShopId id,
      String ownNumber,
      String name,
      boolean active,
      List<String> refundStaff,
      List<String> devices,
      List<String> staff) {
    public Shop {
      refundStaff = List.copyOf(refundStaff);
      devices = List.copyOf(devices);
      staff = List.copyOf(staff);
    }

    public Shop active(boolean isActive) {
      return new Shop(id, ownNumber, name, isActive, refundStaff, devices, staff);
    }

    public boolean hasDevice(String device) {
      return devices.contains(device);
    }

    public boolean hasStaff(String member) {
      return staff.contains(member) || refundStaff.contains(member);
    }
  }

  /// What becomes of a payment that arrives after its order was closed or has expired.
  public enum LatePayment {
    /// It goes back to the payer.
    REFUND,
    /// It counts, and the merchant is told.
    DELIVER
  }

  /// How the provider hears of payments.
  public record NoticeSettings(
      Optional<URI> callback,
      NoticeKey key,
      Acknowledgement acknowledgement,
      boolean refunds,
      Schedule schedule) {}

  /// Which key signs a notice (OP-8).
  public enum NoticeKey {
    PROVIDER,
    SUB_MERCHANT
  }

  /// What counts as taken (OP-7).
  public enum Acknowledgement {
    HTTP_200,
    ENVELOPE_STATUS
  }

  /// How often a notice is tried.
  public enum Schedule {
    /// Three more times, 30 to 60 s apart. Source: `cloudpay.md` section 2.20.
    STANDARD,
    /// For a day, with growing pauses.
    LONG
  }

  /// The keys that count at an instant, the newest first: two while one takes the other's place.
  public List<Secret> keysAt(Instant at) {
    return keys.stream()
        .filter(key -> key.until().map(at::isBefore).orElse(true))
        .map(Key::secret)
        .toList();
  }

  public Optional<ChannelAccount> account(PayPlatform platform) {
    return Optional.ofNullable(accounts.get(platform));
  }

  public Optional<Shop> shop(ShopId id) {
    return Optional.ofNullable(shops.get(id));
  }

  /// Whether a new number begins with one of its prefixes and goes on after it. Source:
  /// `cloudpay.md` section 6.4.
  public boolean hasPrefixOf(String newNumber) {
    return !prefixesChecked
        || prefixes.stream()
            .anyMatch(
                prefix -> newNumber.startsWith(prefix) && newNumber.length() > prefix.length());
  }

  /// The key that signs notices about its orders.
  public Secret noticeKey() {
    return switch (notices.key()) {
      case PROVIDER -> providerKey;
      case SUB_MERCHANT -> keys.getFirst().secret();
    };
  }
}
