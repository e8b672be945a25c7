package io.yunfu.wire.cpay;

import java.util.List;
import java.util.Optional;

/// What an answer tells behind its head, under the name of the call. Members stand in the order of
/// the published samples. Each has a fresh nonce; what else is required is so only with status 0.
public sealed interface Payload {
  /// The member's name.
  String name();

  void write(ContentFields out);

  /// A refusal that is signed, or an answer that says nothing more.
  record NonceOnly(String name, String nonce) implements Payload {
    @Override
    public void write(ContentFields out) {
      out.text("nonce_str", nonce);
    }
  }

  /// Of `official_account_pay`.
  ///
  /// @param page absent while the channel's outcome is unknown
  record OfficialAccountPay(
      PayMchKey merchant, OrderContent order, String nonce, Optional<JsapiArguments> page)
      implements Payload {
    @Override
    public String name() {
      return OfficialAccountPayRequest.NAME;
    }

    @Override
    public void write(ContentFields out) {
      out.object("pay_mch_key", merchant::write);
      out.object("order_content", order::writeShort);
      out.text("nonce_str", nonce);
      page.ifPresent(arguments -> out.object("jsapi_args", arguments::write));
    }
  }

  /// Of `query_order`.
  ///
  /// @param client that of the paying call
  record QueryOrder(PayMchKey merchant, OrderContent order, String nonce, ShopClient client)
      implements Payload {
    @Override
    public String name() {
      return OrderRequest.QUERY;
    }

    @Override
    public void write(ContentFields out) {
      out.object("pay_mch_key", merchant::write);
      out.object("order_content", order::writeLong);
      out.text("nonce_str", nonce);
      out.object("order_client", client::write);
    }
  }

  /// Of `refund`: one object.
  record Refund(PayMchKey merchant, RefundOrderContent refund, String nonce) implements Payload {
    @Override
    public String name() {
      return RefundRequest.NAME;
    }

    @Override
    public void write(ContentFields out) {
      out.object("pay_mch_key", merchant::write);
      out.object("refund_order_content", refund::writeShort);
      out.text("nonce_str", nonce);
    }
  }

  /// Of `query_refund_order`: two arrays, an element of each per refund (OP-20).
  record QueryRefundOrder(PayMchKey merchant, List<Row> rows, String nonce) implements Payload {
    /// A refund and the terminal it was asked from.
    public record Row(RefundOrderContent refund, ShopClient client) {}

    public QueryRefundOrder {
      rows = List.copyOf(rows);
    }

    @Override
    public String name() {
      return QueryRefundOrderRequest.NAME;
    }

    @Override
    public void write(ContentFields out) {
      out.object("pay_mch_key", merchant::write);
      out.objects("refund_order_content", rows, (row, one) -> one.refund.writeLong(row));
      out.text("nonce_str", nonce);
      out.objects("order_client", rows, (row, one) -> one.client.write(row));
    }
  }

  /// A terminal in its shop.
  ///
  /// @param shopId the sub-merchant's own number of the shop, where it has one
  record ShopClient(OrderClient client, Optional<String> shopId) {
    void write(ContentFields out) {
      client.write(out, shopId);
    }
  }
}
