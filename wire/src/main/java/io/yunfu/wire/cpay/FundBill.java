package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.util.Optional;

/// Where money came from, or went back to, at Alipay. In fen, although published samples show yuan
/// (OP-37). Source: `cloudpay.md` section 3.13.
public record FundBill(String fundChannel, Money amount, Optional<Money> real) {
  void write(ContentFields out) {
    out.text("fund_channel", fundChannel);
    out.money("amount", amount);
    out.optionalMoney("real_amount", real);
  }
}
