package io.yunfu.billing.pay;

import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.voucher.Deduction;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an accepted command writes: one posting, the deals it pays, and what a voucher gives.
public record PayChanges(
    Posting posting,
    Uin owner,
    Uin payer,
    AgentPay mode,
    String cpsUin,
    Instant at,
    List<PaidDeal> deals,
    Optional<Deduction> deduction) {

  /// One deal of the payment.
  ///
  /// @param realTotalCost cents from the balance: the price after discount less the voucher's part
  /// @param voucherDecline cents from the voucher
  public record PaidDeal(DealId deal, long realTotalCost, long voucherDecline) {}

  public PayChanges {
    deals = List.copyOf(deals);
  }
}
