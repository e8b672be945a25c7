package io.yunfu.server.api.billing;

import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;

import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherQuery;
import io.yunfu.billing.voucher.VoucherQuery.Field;
import io.yunfu.billing.voucher.VoucherQuery.Range;
import io.yunfu.billing.voucher.VoucherStatus;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import io.yunfu.wire.tc3.ParameterReader;
import io.yunfu.wire.tc3.WireTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The parameters of DescribeVoucherInfo as sent, and what they ask for (`billing.md` section 3.3).
record DescribeVoucherInfoInput(
    long limit,
    long offset,
    @Nullable String status,
    @Nullable String voucherId,
    @Nullable String codeId,
    @Nullable String productCode,
    @Nullable String activityId,
    @Nullable String voucherName,
    Period time,
    @Nullable String sortField,
    @Nullable String sortOrder,
    @Nullable String payMode,
    @Nullable String payScene,
    @Nullable String operator,
    @Nullable String voucherMainType,
    @Nullable String voucherSubType,
    Period startTime,
    Period endTime,
    Period createTime,
    @Nullable String lang) {

  private static final String ALL = "*";
  private static final List<String> PAY_MODES = List.of("postPay", "prePay", "riPay", ALL);

  /// Of postPay, then prePay, then riPay.
  private static final List<String> PAY_SCENES =
      List.of(
          "spotpay",
          "settle account",
          "purchase",
          "renew",
          "modify",
          "oneOffFee",
          "hourlyFee",
          ALL);

  private static final List<String> STATUSES =
      Stream.of(VoucherStatus.values()).map(VoucherStatus::code).toList();
  private static final List<String> MAIN_TYPES = List.of("has_price", "no_price");
  private static final List<String> SUB_TYPES = List.of("discount", "deduct");
  private static final Map<String, Field> FIELDS =
      Map.of("BeginTime", Field.BEGIN, "EndTime", Field.END, "CreateTime", Field.ISSUED);
  private static final List<String> DIRECTIONS = List.of("desc", "asc");
  private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

  private static final ErrorTemplate PRODUCT_WITHOUT_MODE =
      CommonErrors.INVALID_PARAMETER.saying(
          "`{0}` can only be given with a single `{1}`.", "仅当 `{1}` 为单一模式时才能传入 `{0}`。");

  /// Two parameters that bound one thing: dates, or times, both of them inclusive.
  record Period(@Nullable String from, @Nullable String to, String fromName, String toName) {
    static Period read(ParameterReader in, String from, String to) {
      return new Period(in.optional(from, STRING), in.optional(to, STRING), from, to);
    }

    /// First and last moment, to the second, in UTC+8.
    Range<LocalDateTime> moments() {
      var first = Values.earliest(from, fromName);
      var last = Values.latest(to, toName);
      if (first.isPresent() && last.isPresent() && last.get().isBefore(first.get())) {
        throw Values.reversed(fromName, toName);
      }
      return new Range<>(first, last);
    }
  }

  static DescribeVoucherInfoInput read(ParameterReader in) {
    return new DescribeVoucherInfoInput(
        in.required("Limit", INTEGER),
        in.required("Offset", INTEGER),
        in.optional("Status", STRING),
        in.optional("VoucherId", STRING),
        in.optional("CodeId", STRING),
        in.optional("ProductCode", STRING),
        in.optional("ActivityId", STRING),
        in.optional("VoucherName", STRING),
        Period.read(in, "TimeFrom", "TimeTo"),
        in.optional("SortField", STRING),
        in.optional("SortOrder", STRING),
        in.optional("PayMode", STRING),
        in.optional("PayScene", STRING),
        in.optional("Operator", STRING),
        in.optional("VoucherMainType", STRING),
        in.optional("VoucherSubType", STRING),
        Period.read(in, "StartTimeFrom", "StartTimeTo"),
        Period.read(in, "EndTimeFrom", "EndTimeTo"),
        Period.read(in, "CreateTimeFrom", "CreateTimeTo"),
        in.optional("Lang", STRING));
  }

  /// Holds the values against their rules.
  ///
  /// @throws io.yunfu.wire.tc3.ApiRefused naming the first parameter that breaks one
  VoucherQuery query(Uin owner, Instant now) {
    Page.Request page = page(limit, offset);
    Values.checkOperator(operator);
    var mode = oneOfOrAll(PAY_MODES, payMode, "PayMode");
    var product = Values.text(productCode, "ProductCode");
    if (product.isPresent() && mode.isEmpty()) {
      throw PRODUCT_WITHOUT_MODE.refused("ProductCode", "PayMode");
    }
    return new VoucherQuery(
        owner,
        Values.oneOf(STATUSES, status, "Status").map(VoucherStatus::parse),
        Values.id(voucherId, "VoucherId", VoucherId::new),
        Values.text(codeId, "CodeId"),
        product,
        Values.text(activityId, "ActivityId"),
        Values.text(voucherName, "VoucherName"),
        mode,
        oneOfOrAll(PAY_SCENES, payScene, "PayScene"),
        Values.oneOf(MAIN_TYPES, voucherMainType, "VoucherMainType"),
        Values.oneOf(SUB_TYPES, voucherSubType, "VoucherSubType"),
        issued(time.moments(), createTime.moments()),
        firstDays(startTime.moments()),
        lastDays(endTime.moments()),
        order(),
        LocalDate.ofInstant(now, WireTime.ZONE),
        page);
  }

  /// Both voucher actions count pages from 1, and take 0 for 1.
  static Page.Request page(long limit, long offset) {
    if (offset < 0) {
      throw Values.bad(offset, "Offset");
    }
    return Values.page(limit, Math.max(0, offset - 1));
  }

  boolean isChinese() {
    return Values.given(lang).map(tag -> tag.equals("zh")).orElse(true);
  }

  private VoucherQuery.Order order() {
    var field = Values.oneOf(FIELDS.keySet(), sortField, "SortField").map(FIELDS::get);
    var direction = Values.oneOf(DIRECTIONS, sortOrder, "SortOrder");
    return new VoucherQuery.Order(
        field.orElse(Field.ISSUED), !direction.equals(Optional.of("asc")));
  }

  private static Optional<String> oneOfOrAll(
      List<String> known, @Nullable String text, String name) {
    return Values.oneOf(known, text, name).filter(value -> !value.equals(ALL));
  }

  /// Two periods for the same moment hold together.
  private static Range<Instant> issued(Range<LocalDateTime> one, Range<LocalDateTime> other) {
    var from =
        Stream.of(one.from(), other.from()).flatMap(Optional::stream).max(LocalDateTime::compareTo);
    var last =
        Stream.of(one.until(), other.until())
            .flatMap(Optional::stream)
            .min(LocalDateTime::compareTo);
    return new Range<>(
        from.map(moment -> moment.toInstant(WireTime.ZONE)),
        last.map(moment -> moment.plusSeconds(1).toInstant(WireTime.ZONE)));
  }

  /// A validity begins with the first second of its first day.
  private static Range<LocalDate> firstDays(Range<LocalDateTime> moments) {
    return new Range<>(
        moments
            .from()
            .map(moment ->
                moment.toLocalTime().equals(LocalTime.MIDNIGHT)
                    ? moment.toLocalDate()
                    : moment.toLocalDate().plusDays(1)),
        moments.until().map(moment -> moment.toLocalDate().plusDays(1)));
  }

  /// And it ends with the last second of its last day.
  private static Range<LocalDate> lastDays(Range<LocalDateTime> moments) {
    return new Range<>(
        moments.from().map(LocalDateTime::toLocalDate),
        moments
            .until()
            .map(moment ->
                moment.toLocalTime().equals(LAST_SECOND)
                    ? moment.toLocalDate().plusDays(1)
                    : moment.toLocalDate()));
  }
}
