package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What one voucher takes off a payment, spread over the deals it applies to.
///
/// @param parts cents per deal; deals without a part are absent
public record Deduction(Voucher voucher, long cents, Map<DealId, Long> parts) {
  public Deduction {
    parts = Map.copyOf(parts);
    long sum = parts.values().stream().mapToLong(Long::longValue).sum();
    require(sum == cents, "the parts of a deduction of %d come to %d", cents, sum);
  }

  public long of(DealId deal) {
    return parts.getOrDefault(deal, 0L);
  }

  /// Spreads whole cents over the deals in proportion to their amounts. What rounding leaves over
  /// goes to the largest remainders; equal remainders go in the order of the deals.
  static Deduction spread(Voucher voucher, long cents, List<Deal> deals) {
    var total = BigInteger.ZERO;
    for (Deal deal : deals) {
      total = total.add(BigInteger.valueOf(deal.payable().cents()));
    }
    var parts = new long[deals.size()];
    var remainders = new BigInteger[deals.size()];
    long rest = cents;
    for (int i = 0; i < parts.length && cents > 0; i++) {
      BigInteger[] share =
          BigInteger.valueOf(cents)
              .multiply(BigInteger.valueOf(deals.get(i).payable().cents()))
              .divideAndRemainder(total);
      parts[i] = share[0].longValueExact();
      remainders[i] = share[1];
      rest -= parts[i];
    }
    ensure(rest >= 0 && rest < Math.max(1, parts.length), "%d cents are left over", rest);
    IntStream.range(0, rest == 0 ? 0 : parts.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> remainders[i]).reversed())
        .limit(rest)
        .forEach(i -> parts[i]++);
    var byDeal = new LinkedHashMap<DealId, Long>();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] > 0) {
        byDeal.put(deals.get(i).id(), parts[i]);
      }
    }
    return new Deduction(voucher, cents, byDeal);
  }
}
