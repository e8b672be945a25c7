package io.yunfu.server.api.cpay;

import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.kernel.Nonces;
import io.yunfu.server.observe.Answered;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// All calls of the API.
public final class CpayCalls {
  /// Their names, for the figures.
  public static final Set<String> NAMES =
      Set.of("official_account_pay", "query_order", "close_order", "refund", "query_refund_order");

  private CpayCalls() {}

  /// What an operator may set.
  ///
  /// @param lenientEnvelope whether the layout of the published examples is read too
  /// @param wholeOnly see [PaymentOrder#stateNumber]
  public record Settings(boolean lenientEnvelope, boolean wholeOnly) {
    /// What the contract does by itself.
    public static final Settings DEFAULT = new Settings(false, false);
  }

  /// The API on the gateway.
  ///
  /// @param nanos a clock that never goes back, for durations
  /// @param log gets every request once, after it is answered
  public static CpayApi<?> api(
      Merchants merchants,
      Payments payments,
      Settings settings,
      SecureRandom random,
      Clock clock,
      LongSupplier nanos,
      Consumer<Answered> log) {
    return new CpayApi<>(
        List.of(
            new PayOnPage(payments.place()),
            new QueryOrder(payments.follow(), settings.wholeOnly),
            new CloseOrder(payments.follow()),
            new RefundOrder(payments.refunds()),
            new QueryRefunds(payments.refunds())),
        owner -> MerchantSeller.find(merchants, owner),
        settings.lenientEnvelope,
        new CpayApi.Surroundings(new LogIds(random), new Nonces(random), clock, nanos, log));
  }
}
