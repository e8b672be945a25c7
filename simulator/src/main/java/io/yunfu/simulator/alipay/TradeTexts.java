package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Trades and refunds as answers show them. Source: channels.md, sections 4.5 to 4.8.
final class TradeTexts {
  private TradeTexts() {}

  static Map<String, Object> numbers(Trade trade) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("out_trade_no", trade.outTradeNo());
    fields.put("trade_no", trade.number());
    return fields;
  }

  /// Applications that were switched to open ids see no other.
  static void putBuyer(Map<String, Object> fields, App app, Payer payer) {
    fields.put("buyer_logon_id", payer.logonId());
    if (app.traits().openIds()) {
      fields.put("buyer_open_id", payer.user().alipayOpenId());
    } else {
      fields.put("buyer_user_id", payer.user().alipayUserId());
    }
  }

  /// What `alipay.trade.pay` answers at once.
  static Map<String, Object> paid(App app, Trade trade) {
    Trade.Payment payment = trade.payment().orElseThrow();
    Map<String, Object> fields = numbers(trade);
    putBuyer(fields, app, payment.payer());
    putAmounts(fields, trade);
    fields.put("gmt_payment", BeijingTime.text(payment.at()));
    fields.put("fund_bill_list", fundBills(payment, "fund_channel"));
    if (!payment.funds().coupons().isZero()) {
      fields.put("voucher_detail_list", vouchers(payment, Spelling.SNAKE));
    }
    return fields;
  }

  /// @param options what the caller wants to see in addition
  static Map<String, Object> query(App app, Trade trade, List<String> options) {
    Map<String, Object> fields = numbers(trade);
    fields.put("trade_status", trade.status().name());
    trade.buyer().ifPresent(payer -> putBuyer(fields, app, payer));
    putAmounts(fields, trade);
    trade.terms().storeId().ifPresent(id -> fields.put("store_id", id));
    trade.terms().terminalId().ifPresent(id -> fields.put("terminal_id", id));
    trade.terms().passbackParams().ifPresent(text -> fields.put("passback_params", text));
    trade
        .payment()
        .ifPresent(payment -> {
          Funds funds = payment.funds();
          fields.put("send_pay_date", BeijingTime.text(payment.at()));
          if (!funds.coupons().isZero()) {
            fields.put("discount_amount", Yuan.text(funds.fromPlatform()));
            fields.put("mdiscount_amount", Yuan.text(funds.fromMerchant()));
          }
          if (options.contains("fund_bill_list")) {
            fields.put("fund_bill_list", fundBills(payment, "fund_channel"));
          }
          if (options.contains("voucher_detail_list") && !funds.coupons().isZero()) {
            fields.put("voucher_detail_list", vouchers(payment, Spelling.SNAKE));
          }
        });
    return fields;
  }

  /// @param changed whether this very call moved money: a repeat says no
  static Map<String, Object> refunded(
      App app, Trade trade, Refund refund, boolean changed, List<String> options) {
    Trade.Payment payment = trade.payment().orElseThrow();
    Map<String, Object> fields = numbers(trade);
    putBuyer(fields, app, payment.payer());
    fields.put("fund_change", changed ? "Y" : "N");
    fields.put("refund_fee", Yuan.text(trade.refunded())); // of all refunds of the trade so far
    fields.put("send_back_fee", Yuan.text(refund.funds().toMerchant())); // what the merchant gives
    fields.put("gmt_refund_pay", BeijingTime.text(refund.at()));
    putRefundDetails(fields, payment, refund, options);
    return fields;
  }

  static Map<String, Object> refundQuery(Trade trade, Refund refund, List<String> options) {
    Map<String, Object> fields = numbers(trade);
    fields.put("out_request_no", refund.requestNo());
    fields.put("total_amount", Yuan.text(trade.terms().total()));
    fields.put("refund_amount", Yuan.text(refund.amount()));
    refund.reason().ifPresent(reason -> fields.put("refund_reason", reason));
    fields.put("refund_status", "REFUND_SUCCESS");
    if (options.contains("gmt_refund_pay")) {
      fields.put("gmt_refund_pay", BeijingTime.text(refund.at()));
    }
    putRefundDetails(fields, trade.payment().orElseThrow(), refund, options);
    return fields;
  }

  private static void putRefundDetails(
      Map<String, Object> fields, Trade.Payment payment, Refund refund, List<String> options) {
    if (options.contains("refund_detail_item_list")) {
      fields.put("send_back_fee", Yuan.text(refund.funds().toMerchant()));
      fields.put(
          "refund_detail_item_list",
          fundBills(payment.payer().fundChannel(), refund.funds(), "fund_channel"));
    }
    if (options.contains("deposit_back_info") && !refund.deposited()) {
      Map<String, Object> back = new LinkedHashMap<>();
      back.put("has_deposit_back", "true");
      back.put("dback_status", "F"); // the bank sent it back
      back.put("dback_amount", Yuan.text(refund.funds().fromBuyer()));
      fields.put("deposit_back_info", back);
    }
  }

  /// All amounts are there before the payment as well, and nothing.
  private static void putAmounts(Map<String, Object> fields, Trade trade) {
    Money nothing = Money.cny(0);
    Funds funds = trade.payment().map(Trade.Payment::funds).orElse(null);
    fields.put("total_amount", Yuan.text(trade.terms().total()));
    fields.put("receipt_amount", Yuan.text(funds == null ? nothing : funds.toMerchant()));
    fields.put("buyer_pay_amount", Yuan.text(funds == null ? nothing : funds.fromBuyer()));
    fields.put("point_amount", Yuan.text(nothing));
    fields.put("invoice_amount", Yuan.text(funds == null ? nothing : funds.fromBuyer()));
  }

  /// Where the money came from. The name of the channel's field differs: `fund_channel` in answers,
  /// `fundChannel` in notices (section 4.10).
  static List<Map<String, Object>> fundBills(Trade.Payment payment, String channelField) {
    return fundBills(payment.payer().fundChannel(), payment.funds(), channelField);
  }

  private static List<Map<String, Object>> fundBills(
      String fundChannel, Funds funds, String channelField) {
    List<Map<String, Object>> bills = new ArrayList<>();
    addBill(bills, fundChannel, funds.fromBuyer(), channelField);
    addBill(bills, "COUPON", funds.fromPlatform(), channelField);
    addBill(bills, "MDISCOUNT", funds.fromMerchant(), channelField);
    return bills;
  }

  private static void addBill(
      List<Map<String, Object>> bills, String channel, Money amount, String channelField) {
    if (amount.isPositive()) {
      Map<String, Object> bill = new LinkedHashMap<>();
      bill.put("amount", Yuan.text(amount));
      bill.put(channelField, channel);
      bills.add(bill);
    }
  }

  /// How the members of a voucher are written.
  enum Spelling {
    /// In answers.
    SNAKE("merchant_contribute", "other_contribute"),
    /// In notices.
    CAMEL("merchantContribute", "otherContribute");

    private final String merchant;
    private final String other;

    Spelling(String merchant, String other) {
      this.merchant = merchant;
      this.other = other;
    }
  }

  /// The coupon that paid a part.
  static List<Map<String, Object>> vouchers(Trade.Payment payment, Spelling spelling) {
    Funds funds = payment.funds();
    Map<String, Object> voucher = new LinkedHashMap<>();
    payment.coupon().ifPresent(id -> voucher.put("id", id));
    voucher.put("name", funds.fromPlatform().isPositive() ? "支付宝红包" : "商家立减券");
    voucher.put("type", "ALIPAY_FIX_VOUCHER");
    voucher.put("amount", Yuan.text(funds.coupons()));
    voucher.put(spelling.merchant, Yuan.text(funds.fromMerchant()));
    voucher.put(spelling.other, Yuan.text(funds.fromPlatform()));
    voucher.put("memo", "模拟优惠");
    return List.of(voucher);
  }
}
