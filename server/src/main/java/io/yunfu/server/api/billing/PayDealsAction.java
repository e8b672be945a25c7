package io.yunfu.server.api.billing;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.wire.tc3.ApiRefused;
import io.yunfu.wire.tc3.ErrorTemplate;
import io.yunfu.wire.tc3.ResponseFields;
import java.util.function.Consumer;
import java.util.function.Function;

/// PayDeals: pays deals of one owner with one debit and at most one voucher, all or none.
final class PayDealsAction implements Action {
  private final PayDeals payDeals;
  private final Function<CellId, IdSource> ids;
  private final Actions.PaySettings settings;

  /// @param ids of each cell: a command is given its posting's id before it is handed in
  PayDealsAction(PayDeals payDeals, Function<CellId, IdSource> ids, Actions.PaySettings settings) {
    this.payDeals = payDeals;
    this.ids = ids;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "PayDeals";
  }

  @Override
  public boolean changes() {
    return true;
  }

  @Override
  public ErrorTemplate whenBusy() {
    return PayErrors.BUSY;
  }

  @Override
  public Consumer<ResponseFields> answer(Call call) {
    boolean plain = call.isChina() && !settings.chinaIsExtended();
    PayDealsInput input =
        call.parameters().read(plain ? PayDealsInput::readPlain : PayDealsInput::readExtended);
    input.check(call.caller().edition(), settings.maxIds());
    return switch (payDeals.pay(command(input, call))) {
      case PayDeals.Answer.Paid paid -> out -> write(out, paid);
      case PayDeals.Answer.PaidNotDelivered(var failed) ->
          throw PayErrors.DELIVERY_FAILED.refused(failed);
      case PayDeals.Answer.Refused(var why) ->
          throw new ApiRefused(PayErrors.of(why, call.caller().edition(), input));
    };
  }

  private PayCommand command(PayDealsInput input, Call call) {
    return new PayCommand(
        ids.apply(call.caller().cell()).next(),
        call.caller(),
        input.mode(),
        input.target(),
        input.voucher(),
        input.autoVoucher() == 1,
        input.cpsUin(),
        call.requestId(),
        call.now());
  }

  private static void write(ResponseFields out, PayDeals.Answer.Paid paid) {
    out.texts("OrderIds", paid.deals().stream().map(DealId::value).toList());
    out.texts("ResourceIds", paid.resources());
    out.texts("BigDealIds", paid.bigDeals().stream().map(BigDealId::value).toList());
  }
}
