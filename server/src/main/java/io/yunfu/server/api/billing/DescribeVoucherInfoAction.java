package io.yunfu.server.api.billing;

import io.yunfu.billing.voucher.FindVouchers;
import io.yunfu.billing.voucher.ListedVoucher;
import io.yunfu.wire.tc3.ResponseFields;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// DescribeVoucherInfo: an owner's vouchers with what is left on them (`billing.md` section 3.3).
final class DescribeVoucherInfoAction implements Action {
  /// The unit of all amounts here: 1e-8 of the main unit.
  private static final String UNIT = "micro";

  private static final String ALL_PRODUCTS_ZH = "全产品通用";
  private static final String ALL_PRODUCTS_EN = "All products";

  private final FindVouchers vouchers;

  DescribeVoucherInfoAction(FindVouchers vouchers) {
    this.vouchers = vouchers;
  }

  @Override
  public String name() {
    return "DescribeVoucherInfo";
  }

  @Override
  public Consumer<ResponseFields> answer(Call call) {
    DescribeVoucherInfoInput input = call.parameters().read(DescribeVoucherInfoInput::read);
    var query = input.query(call.caller().owner(), call.now());
    ReadRight.CAM.require(call, name());
    ListedVoucher.Found found = vouchers.find(call.caller().cell(), query);
    boolean chinese = input.isChinese();
    return out -> {
      out.integer("TotalCount", found.total());
      out.decimal("TotalBalance", found.totalBalanceMicro());
      out.objects(
          "VoucherInfos", found.vouchers(), (item, voucher) -> write(item, voucher, chinese));
      out.text("Unit", UNIT);
    };
  }

  private static void write(ResponseFields out, ListedVoucher voucher, boolean chinese) {
    out.text("OwnerUin", voucher.owner().toString());
    out.text("Status", voucher.status().code());
    out.integer("NominalValue", voucher.nominalMicro());
    out.integer("Balance", voucher.balanceMicro());
    out.text("VoucherId", voucher.id().value());
    out.text("PayMode", voucher.payMode());
    out.text("PayScene", String.join(",", voucher.payScenes()));
    out.date("BeginTime", voucher.begins());
    out.date("EndTime", voucher.ends());
    out.object(
        "ApplicableProducts",
        products -> {
          products.text("GoodsName", names(voucher.applicable(), chinese));
          products.text("PayMode", voucher.payMode());
        });
    out.objects(
        "ExcludedProducts",
        voucher.excluded(),
        (item, product) -> {
          item.text("GoodsName", name(product, chinese));
          item.text("PayMode", voucher.payMode());
        });
    out.text("PolicyRemark", voucher.policyRemark());
    out.time("CreateTime", voucher.createdAt());
  }

  private static String names(List<ListedVoucher.Product> products, boolean chinese) {
    return products.stream()
        .map(product -> name(product, chinese))
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static String name(ListedVoucher.Product product, boolean chinese) {
    if (product.isAll()) {
      return chinese ? ALL_PRODUCTS_ZH : ALL_PRODUCTS_EN;
    }
    return chinese ? product.nameZh() : product.nameEn();
  }
}
