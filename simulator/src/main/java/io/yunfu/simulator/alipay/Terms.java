package io.yunfu.simulator.alipay;

import static java.util.function.Predicate.not;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a merchant wants to be paid for, as it was submitted. Two submissions of one number must
/// agree in all of it; channels.md, section 4.3.
///
/// @param goods the list as it came, to be compared only
/// @param deadline as it came: `time_expire`, or else `timeout_express`
/// @param barred ways of payment that the merchant does not want
record Terms(
    String outTradeNo,
    Money total,
    String subject,
    Optional<String> body,
    Optional<String> productCode,
    Optional<String> storeId,
    Optional<String> operatorId,
    Optional<String> terminalId,
    Optional<String> passbackParams,
    String goods,
    Deadline deadline,
    Set<String> barred) {
  private static final Set<Character> FORBIDDEN_IN_SUBJECT = Set.of('/', '=', '&');

  /// When the trade is over.
  ///
  /// @param absolute wins over the other
  record Deadline(Optional<Instant> absolute, TimeLimit limit) {
    Instant from(Instant now) {
      return absolute.orElseGet(() -> limit.from(now));
    }
  }

  Terms {
    barred = Set.copyOf(barred);
  }

  /// Reads and checks what the three ways to begin a trade have in common.
  ///
  /// @throws InvalidField for the first field that is wrong
  static Terms read(BizContent content) {
    String outTradeNo = content.needText("out_trade_no", 64);
    if (!outTradeNo.matches("[0-9A-Za-z_]+")) {
      throw new InvalidField("out_trade_no", "may hold letters, digits and underscores");
    }
    Money total = content.needAmount("total_amount");
    if (total.compareTo(Yuan.LEAST) < 0) {
      throw new InvalidField("total_amount", "must be at least " + Yuan.text(Yuan.LEAST));
    }
    discounts(content, total);
    Set<String> barred = new HashSet<>(content.texts("disable_pay_channels"));
    if (!barred.isEmpty() && !content.texts("enable_pay_channels").isEmpty()) {
      throw new InvalidField("enable_pay_channels", "excludes disable_pay_channels");
    }
    content.object("extend_params").text("sys_service_provider_id", 64);
    return new Terms(
        outTradeNo,
        total,
        subject(content),
        content.text("body", 128),
        content.text("product_code", 64),
        content.text("store_id", 32),
        content.text("operator_id", 28),
        content.text("terminal_id", 32),
        content.text("passback_params", 512),
        goods(content),
        deadline(content),
        barred);
  }

  private static String subject(BizContent content) {
    String subject = content.needText("subject", 256);
    if (subject.chars().anyMatch(each -> FORBIDDEN_IN_SUBJECT.contains((char) each))) {
      throw new InvalidField("subject", "may not hold /, = or &");
    }
    return subject;
  }

  /// What may be discounted and what may not, if both are given, add up to the total.
  private static void discounts(BizContent content, Money total) {
    Optional<Money> discountable = content.amount("discountable_amount");
    Optional<Money> undiscountable = content.amount("undiscountable_amount");
    if (discountable.isPresent()
        && undiscountable.isPresent()
        && !discountable.get().plus(undiscountable.get()).equals(total)) {
      throw new InvalidField("discountable_amount", "and undiscountable_amount are not the total");
    }
    if (discountable.filter(each -> each.compareTo(total) > 0 || each.isNegative()).isPresent()
        || undiscountable
            .filter(each -> each.compareTo(total) > 0 || each.isNegative())
            .isPresent()) {
      throw new InvalidField("discountable_amount", "must be a part of the total");
    }
  }

  private static String goods(BizContent content) {
    List<BizContent> goods = content.objects("goods_detail");
    for (BizContent each : goods) {
      each.needText("goods_id", 64);
      each.needText("goods_name", 256);
      if (!each.needText("quantity", 10).matches("[1-9][0-9]*")) {
        throw new InvalidField("goods_detail.quantity", "must be a whole number from 1");
      }
      each.needAmount("price");
    }
    return goods.toString();
  }

  private static Deadline deadline(BizContent content) {
    Optional<Instant> absolute =
        content
            .text("time_expire", 19)
            .map(text ->
                BeijingTime.read(text)
                    .orElseThrow(
                        () -> new InvalidField("time_expire", "must be yyyy-MM-dd HH:mm:ss")));
    TimeLimit limit =
        content
            .text("timeout_express", 6)
            .filter(not(String::isBlank))
            .map(text ->
                TimeLimit.read(text)
                    .orElseThrow(
                        () -> new InvalidField("timeout_express", "must be 1m to 15d, or 1c")))
            .orElse(TimeLimit.IN_STORE);
    return new Deadline(absolute, limit);
  }

  /// Whether a resubmission asks for the same. Who operates which till may differ.
  boolean agreesWith(Terms other) {
    return total.equals(other.total)
        && subject.equals(other.subject)
        && body.equals(other.body)
        && productCode.equals(other.productCode)
        && storeId.equals(other.storeId)
        && passbackParams.equals(other.passbackParams)
        && goods.equals(other.goods)
        && deadline.equals(other.deadline)
        && barred.equals(other.barred);
  }
}
