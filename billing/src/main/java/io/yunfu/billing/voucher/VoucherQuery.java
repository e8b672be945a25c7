package io.yunfu.billing.voucher;

import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// Which vouchers of one owner are asked for. All conditions that are given hold together.
///
/// @param status as it counts on `today`: one past its last day is overdue, whatever is stored
/// @param product that it can be used for
/// @param payMode that it can be used in: `prePay`, `postPay`, `riPay`
/// @param payScene that it can be used in
/// @param issued when it was issued
/// @param begins the first day of its validity
/// @param ends the last day of its validity
/// @param today in UTC+8
public record VoucherQuery(
    Uin owner,
    Optional<VoucherStatus> status,
    Optional<VoucherId> voucher,
    Optional<String> codeId,
    Optional<String> product,
    Optional<String> activityId,
    Optional<String> name,
    Optional<String> payMode,
    Optional<String> payScene,
    Optional<String> mainType,
    Optional<String> subType,
    Range<Instant> issued,
    Range<LocalDate> begins,
    Range<LocalDate> ends,
    Order order,
    LocalDate today,
    Page.Request page) {

  /// From this one on, until just before that one; open where nothing is given.
  public record Range<T>(Optional<T> from, Optional<T> until) {
    public static <T> Range<T> all() {
      return new Range<>(Optional.empty(), Optional.empty());
    }
  }

  /// What the list is sorted by; equal ones by id.
  public enum Field {
    BEGIN,
    END,
    ISSUED
  }

  public record Order(Field field, boolean descending) {}
}
