package io.yunfu.server.api.billing;

import io.yunfu.billing.deal.Ids;
import io.yunfu.kernel.Page;
import io.yunfu.wire.tc3.ApiRefused;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import io.yunfu.wire.tc3.WireTime;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the read actions ask of values besides their type. A text that is empty counts as not
/// given, since clients send empty fields of forms.
final class Values {
  /// Rows of one page at most (`billing.md` sections 3.1, 3.3, 3.4).
  static final int MAX_LIMIT = 1000;

  /// Unit: characters. Longer than any code, name or resource id there is.
  private static final int MAX_TEXT = 255;

  private static final ErrorTemplate NOT_A_DATE =
      CommonErrors.INVALID_PARAMETER_VALUE.saying(
          "Value `{0}` of parameter `{1}` is not a date of the form `yyyy-MM-dd`.",
          "参数 `{1}` 的取值 `{0}` 不是 `yyyy-MM-dd` 格式的日期。");
  private static final ErrorTemplate REVERSED =
      CommonErrors.INVALID_PARAMETER_VALUE.saying(
          "`{0}` must not be later than `{1}`.", "`{0}` 不能晚于 `{1}`。");

  private Values() {}

  static ApiRefused bad(Object value, String name) {
    return CommonErrors.INVALID_PARAMETER_VALUE.refused(value, name);
  }

  static ApiRefused reversed(String from, String to) {
    return REVERSED.refused(from, to);
  }

  /// `Limit` with an `Offset` that counts pages, not rows.
  ///
  /// @param page from 0
  static Page.Request page(long limit, long page) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw bad(limit, "Limit");
    }
    // A page so far out is empty, and is as well reached by the largest offset.
    long rows = page > Long.MAX_VALUE / limit ? Long.MAX_VALUE : page * limit;
    return new Page.Request(rows, (int) limit);
  }

  static Optional<String> given(@Nullable String text) {
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /// Any text, within bounds.
  static Optional<String> text(@Nullable String text, String name) {
    return given(text)
        .map(value -> {
          if (value.length() > MAX_TEXT) {
            throw bad(value, name);
          }
          return value;
        });
  }

  /// An id of a deal, a big deal or a voucher.
  static <T> Optional<T> id(@Nullable String text, String name, Function<String, T> type) {
    return given(text)
        .map(value -> {
          if (!Ids.wellFormed(value)) {
            throw bad(value, name);
          }
          return type.apply(value);
        });
  }

  static Optional<String> oneOf(Collection<String> known, @Nullable String text, String name) {
    return given(text)
        .map(value -> {
          if (!known.contains(value)) {
            throw bad(value, name);
          }
          return value;
        });
  }

  /// `Operator`: a uin. Who asks is known from the signature, so it is read and has no effect.
  static void checkOperator(@Nullable String operator) {
    given(operator)
        .ifPresent(value -> {
          if (!value.matches("[1-9][0-9]{0,18}")) {
            throw bad(value, "Operator");
          }
        });
  }

  /// The earliest moment that a text stands for: a time, or the first second of a date.
  static Optional<LocalDateTime> earliest(@Nullable String text, String name) {
    return moment(text, name, LocalTime.MIDNIGHT);
  }

  /// The latest moment, to the second: a time, or the last second of a date.
  static Optional<LocalDateTime> latest(@Nullable String text, String name) {
    return moment(text, name, LocalTime.of(23, 59, 59));
  }

  private static Optional<LocalDateTime> moment(
      @Nullable String text, String name, LocalTime ofDate) {
    return given(text)
        .map(value -> {
          Optional<LocalDate> date = WireTime.parseDate(value);
          if (date.isPresent()) {
            return date.get().atTime(ofDate);
          }
          return WireTime.parse(value)
              .map(instant -> LocalDateTime.ofInstant(instant, WireTime.ZONE))
              .orElseThrow(() -> NOT_A_DATE.refused(value, name));
        });
  }
}
