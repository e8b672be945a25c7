package io.yunfu.gateway.merchant;

import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A sub-merchant as the operator sees it: without its keys.
///
/// @param oldKeyUntil while the key before this one still verifies
public record PlacedSubMerchant(
    SubMerchantId id,
    ProviderId provider,
    CellId cell,
    String name,
    boolean active,
    Settings settings,
    Optional<Instant> oldKeyUntil,
    Instant createdAt,
    long number) {

  /// What can be changed.
  ///
  /// @param rsaPublicKey X.509 in Base64 or PEM
  /// @param feePpm unit: parts per million
  /// @param terminalsChecked whether calls may only name devices and staff that its shops have.
  ///   Source: `cloudpay.md` section 6.3
  public record Settings(
      List<String> prefixes,
      boolean prefixesChecked,
      Optional<String> defaultBody,
      Duration defaultExpiry,
      Optional<String> rsaPublicKey,
      boolean rsaRequired,
      boolean refundNeedsRight,
      int feePpm,
      Merchant.LatePayment latePayment,
      boolean terminalsChecked) {
    /// Two minutes, as every published sample shows (OP-12).
    public static final Duration USUAL_EXPIRY = Duration.ofMinutes(2);

    public Settings {
      prefixes = List.copyOf(prefixes);
    }

    /// With devices and staff that nobody checks, as is usual.
    public Settings(
        List<String> prefixes,
        boolean prefixesChecked,
        Optional<String> defaultBody,
        Duration defaultExpiry,
        Optional<String> rsaPublicKey,
        boolean rsaRequired,
        boolean refundNeedsRight,
        int feePpm,
        Merchant.LatePayment latePayment) {
      this(
          prefixes,
          prefixesChecked,
          defaultBody,
          defaultExpiry,
          rsaPublicKey,
          rsaRequired,
          refundNeedsRight,
          feePpm,
          latePayment,
          false);
    }

    /// With these prefixes, and what is usual besides.
    public static Settings of(String... prefixes) {
      return new Settings(
          List.of(prefixes),
          true,
          Optional.empty(),
          USUAL_EXPIRY,
          Optional.empty(),
          false,
          false,
          0,
          Merchant.LatePayment.REFUND);
    }
  }
}
