package io.yunfu.billing.pay;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.voucher.VoucherId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One PayDeals call, decoded.
///
/// @param postingId drawn before the command is handed in; it makes the command idempotent: read
///   back by it, a command whose answer was lost is known to be paid or not
/// @param voucher the one the caller named
/// @param autoVoucher choose one when none is named
/// @param cpsUin the referrer, kept for the audit only; empty when none is given
/// @param now the clock of the decision; deadlines and validities are held against it
public record PayCommand(
    long postingId,
    Caller caller,
    AgentPay mode,
    Target target,
    Optional<VoucherId> voucher,
    boolean autoVoucher,
    String cpsUin,
    String requestId,
    Instant now) {

  /// What is to be paid: deals, or whole big deals; never both, never none.
  public sealed interface Target {
    record Deals(List<DealId> ids) implements Target {
      public Deals {
        ids = ids.stream().distinct().toList();
        require(!ids.isEmpty(), "a payment names at least one deal");
      }
    }

    record BigDeals(List<BigDealId> ids) implements Target {
      public BigDeals {
        ids = ids.stream().distinct().toList();
        require(!ids.isEmpty(), "a payment names at least one big deal");
      }
    }
  }

  /// Whether vouchers have to be looked at.
  boolean wantsVoucher() {
    return autoVoucher || voucher.isPresent();
  }
}
