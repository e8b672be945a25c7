package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.util.Optional;

/// A voucher that paid a part at Alipay. Source: `cloudpay.md` section 3.14.
public record AlipayVoucher(
    String id,
    String name,
    String type,
    Money amount,
    Optional<Money> byMerchant,
    Optional<Money> byOthers,
    String memo) {
  void write(ContentFields out) {
    out.text("id", id);
    out.text("name", name);
    out.text("type", type);
    out.money("amount", amount);
    out.optionalMoney("merchant_amount", byMerchant);
    out.optionalMoney("other_amount", byOthers);
    out.text("memo", memo);
  }
}
