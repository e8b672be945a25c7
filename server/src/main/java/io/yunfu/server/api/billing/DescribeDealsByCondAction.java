package io.yunfu.server.api.billing;

import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;
import static io.yunfu.wire.tc3.Type.TIMESTAMP;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealQuery;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.deal.FindDeals;
import io.yunfu.billing.deal.ListedDeal;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import io.yunfu.wire.tc3.Language;
import io.yunfu.wire.tc3.ParameterReader;
import io.yunfu.wire.tc3.ResponseFields;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// DescribeDealsByCond: an owner's deals, newest first (`billing.md` section 3.1).
final class DescribeDealsByCondAction implements Action {
  /// Past this `Limit` the vendor leaves `ResourceId` out of every row.
  private static final int LONGEST_WITH_RESOURCES = 200;

  /// The documented default, which surprises: a lookup by `OrderId` alone finds delivered deals.
  private static final long DEFAULT_STATUS = DealStatus.DELIVERED.code();

  private final FindDeals deals;

  DescribeDealsByCondAction(FindDeals deals) {
    this.deals = deals;
  }

  @Override
  public String name() {
    return "DescribeDealsByCond";
  }

  /// The parameters as sent.
  private record Input(
      Instant startTime,
      Instant endTime,
      long limit,
      long offset,
      long status,
      @Nullable String orderId,
      @Nullable String bigDealId,
      @Nullable String resourceId,
      List<Long> statusSet) {

    static Input read(ParameterReader in) {
      return new Input(
          in.required("StartTime", TIMESTAMP),
          in.required("EndTime", TIMESTAMP),
          in.required("Limit", INTEGER),
          in.optional("Offset", INTEGER, 0L),
          in.optional("Status", INTEGER, DEFAULT_STATUS),
          in.optional("OrderId", STRING),
          in.optional("BigDealId", STRING),
          in.optional("ResourceId", STRING),
          in.list("StatusSet", INTEGER));
    }

    DealQuery query(Uin owner) {
      if (endTime.isBefore(startTime)) {
        throw Values.reversed("StartTime", "EndTime");
      }
      if (offset < 0) {
        throw Values.bad(offset, "Offset");
      }
      Page.Request page = Values.page(limit, offset);
      return new DealQuery(
          owner,
          startTime,
          // Times on the wire are whole seconds: the last one counts to its end.
          endTime.plusSeconds(1),
          statuses(),
          Values.id(orderId, "OrderId", DealId::new),
          Values.id(bigDealId, "BigDealId", BigDealId::new),
          Values.text(resourceId, "ResourceId"),
          page);
    }

    /// The set replaces the single status, and its default too.
    private Set<DealStatus> statuses() {
      DealStatus single = status(status, "Status");
      if (statusSet.isEmpty()) {
        return Set.of(single);
      }
      var statuses = new LinkedHashSet<DealStatus>();
      for (int i = 0; i < statusSet.size(); i++) {
        statuses.add(status(statusSet.get(i), "StatusSet." + i));
      }
      return statuses;
    }

    private static DealStatus status(long code, String name) {
      for (DealStatus status : DealStatus.values()) {
        if (status.code() == code) {
          return status;
        }
      }
      throw Values.bad(code, name);
    }
  }

  @Override
  public Consumer<ResponseFields> answer(Call call) {
    Input input = call.parameters().read(Input::read);
    DealQuery query = input.query(call.caller().owner());
    ReadRight.COMMON.require(call, name());
    Page<ListedDeal> page = deals.find(call.caller().cell(), query);
    boolean withResources = input.limit <= LONGEST_WITH_RESOURCES;
    // The China edition has Chinese names whatever language errors are in.
    boolean chinese = call.isChina() || call.language() == Language.CHINESE;
    return out -> {
      out.objects("Deals", page.items(), (item, deal) -> write(item, deal, chinese, withResources));
      out.integer("TotalCount", page.total());
    };
  }

  private static void write(
      ResponseFields out, ListedDeal deal, boolean chinese, boolean withResources) {
    ListedDeal.Product product = deal.product();
    out.text("OrderId", deal.id().value());
    out.integer("Status", deal.status().code());
    out.text("Payer", deal.payer().map(Uin::toString).orElse(""));
    out.time("CreateTime", deal.createdAt());
    out.text("Creator", deal.creator().toString());
    out.integer("RealTotalCost", deal.realTotalCost());
    out.integer("VoucherDecline", deal.voucherDecline());
    out.integer("ProjectId", deal.projectId());
    out.integer("GoodsCategoryId", product.goodsCategory());
    out.objects(
        "ProductInfo",
        deal.traits(),
        (pair, trait) -> {
          pair.text("Name", trait.name());
          pair.text("Value", trait.value());
        });
    out.decimal("TimeSpan", deal.timeSpan());
    out.text("TimeUnit", deal.timeUnit());
    out.text("Currency", deal.currency().name());
    out.decimal("Policy", BigDecimal.valueOf(deal.policyPpm(), 4)); // parts per million in percent
    out.decimal("Price", cents(deal.price()));
    out.decimal("TotalCost", cents(deal.totalCost()));
    out.text("ProductCode", product.code());
    out.text("SubProductCode", product.subCode());
    out.text("BigDealId", deal.bigDeal().value());
    out.text("Formula", deal.formula());
    out.text("RefReturnDeals", deal.refReturnDeals());
    out.text("PayMode", deal.payMode());
    out.text("Action", deal.action());
    out.text("ProductName", chinese ? product.nameZh() : product.nameEn());
    out.text("SubProductName", chinese ? product.subNameZh() : product.subNameEn());
    if (withResources) {
      out.texts("ResourceId", deal.resources());
    } else {
      out.nothing("ResourceId");
    }
    out.text("ZoneCode", deal.zone());
  }

  /// A millionth of a cent is the smallest part of a price.
  private static BigDecimal cents(long micro) {
    return BigDecimal.valueOf(micro, 6);
  }
}
