package io.yunfu.server.api.billing;

import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;

import io.yunfu.billing.voucher.FindVoucherUsage;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherUsage;
import io.yunfu.kernel.Page;
import io.yunfu.wire.tc3.Language;
import io.yunfu.wire.tc3.ParameterReader;
import io.yunfu.wire.tc3.ResponseFields;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// DescribeVoucherUsageDetails: what vouchers have paid, one record per deal (`billing.md` section
/// 3.4).
final class DescribeVoucherUsageDetailsAction implements Action {
  /// A use that pays a deal, rather than an adjustment of one.
  private static final String PAY_SCENE = "common";

  private final FindVoucherUsage usages;

  DescribeVoucherUsageDetailsAction(FindVoucherUsage usages) {
    this.usages = usages;
  }

  @Override
  public String name() {
    return "DescribeVoucherUsageDetails";
  }

  /// The parameters as sent.
  private record Input(
      long limit, long offset, @Nullable String voucherId, @Nullable String operator) {
    static Input read(ParameterReader in) {
      return new Input(
          in.required("Limit", INTEGER),
          in.required("Offset", INTEGER),
          in.optional("VoucherId", STRING),
          in.optional("Operator", STRING));
    }
  }

  @Override
  public Consumer<ResponseFields> answer(Call call) {
    Input input = call.parameters().read(Input::read);
    Page.Request page = DescribeVoucherInfoInput.page(input.limit, input.offset);
    Optional<VoucherId> voucher = Values.id(input.voucherId, "VoucherId", VoucherId::new);
    Values.checkOperator(input.operator);
    ReadRight.CAM.require(call, name());
    VoucherUsage.Found found = usages.find(call.caller(), voucher, page);
    boolean chinese = call.isChina() || call.language() == Language.CHINESE;
    return out -> {
      out.integer("TotalCount", found.total());
      out.decimal("TotalUsedAmount", found.totalMicro());
      out.objects("UsageRecords", found.usages(), (item, usage) -> write(item, usage, chinese));
    };
  }

  private static void write(ResponseFields out, VoucherUsage usage, boolean chinese) {
    out.integer("UsedAmount", usage.amountMicro());
    out.time("UsedTime", usage.usedAt());
    out.objects("UsageDetails", List.of(usage), (item, same) -> detail(item, same, chinese));
    out.text("PayMode", usage.payMode().toLowerCase(Locale.ROOT));
    out.text("VoucherId", usage.voucher().value());
    out.text("PayScene", PAY_SCENE);
    out.text("SeqId", usage.deal().value());
  }

  /// Deals are of products, so there are no billing items and no unit of calculation to name.
  private static void detail(ResponseFields out, VoucherUsage usage, boolean chinese) {
    VoucherUsage.Product product = usage.product();
    out.text("ProductName", chinese ? product.nameZh() : product.nameEn());
    out.text("SubProductName", chinese ? product.subNameZh() : product.subNameEn());
    out.text("ProductCode", product.code());
    out.text("SubProductCode", product.subCode());
    out.text("BillingItemCode", "");
    out.text("SubBillingItemCode", "");
    out.text("ProductEnName", product.nameEn());
    out.text("SubProductEnName", product.subNameEn());
    out.text("CalcUnit", "");
    out.text("Action", usage.action());
  }
}
