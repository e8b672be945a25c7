package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.DealsArea.NOT_UNPAID;
import static io.yunfu.server.api.admin.DealsArea.NO_SUCH_BIG_DEAL;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.CloseDeals;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.deal.PlacedDeal;
import java.util.Arrays;
import java.util.List;

/// Purchases as a whole.
final class BigDealsArea implements Area {
  private static final Field.Must<BigDealId> ID =
      must("bigDeal", DealsArea.BIG_DEAL_ID, "The id of the purchase.");
  private static final Field.Must<CloseDeals.Reason> REASON =
      must(
              "reason",
              Types.choice(Arrays.asList(CloseDeals.Reason.values()), CloseDeals.Reason::code),
              "Why it ends, which decides where: `cancel` closed (7), `supersede` invalid (9),"
                  + " `withdraw-product` product_invalid (10), `refuse-payment` payment_refused"
                  + " (11).")
          .or(CloseDeals.Reason.CANCELLED);

  private record Whole(BigDealId id, List<PlacedDeal> deals) {}

  private record Closed(BigDealId id, List<DealId> deals) {}

  private static final Form<Whole> BIG_DEAL =
      Form.<Whole>of("BigDeal", "A purchase with its deals.")
          .with("id", DealsArea.BIG_DEAL_ID, "Its id, the wire's `BigDealId`.", Whole::id)
          .with("deals", Form.list(DealsArea.PLACED), "By ascending id.", Whole::deals);
  private static final Form<Closed> CLOSED =
      Form.<Closed>of("ClosedBigDeal", "A purchase that has ended.")
          .with("id", DealsArea.BIG_DEAL_ID, "Its id.", Closed::id)
          .with("dealIds", Form.list(DealsArea.DEAL_ID), "Its deals.", Closed::deals);

  private final Deals deals;
  private final CloseDeals closeDeals;

  BigDealsArea(Deals deals, CloseDeals closeDeals) {
    this.deals = deals;
    this.closeDeals = closeDeals;
  }

  @Override
  public String name() {
    return "big-deals";
  }

  @Override
  public String about() {
    return "Orders as purchases, each of one or several deals.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("big-deals.get", "/big-deals/{bigDeal}", "Shows a purchase with its deals.")
            .path(ID)
            .refuses(NO_SUCH_BIG_DEAL)
            .answers(BIG_DEAL)
            .by(call -> {
              BigDealId id = call.get(ID);
              List<PlacedDeal> found = deals.ofBigDeal(id);
              if (found.isEmpty()) {
                throw NO_SUCH_BIG_DEAL.with(id);
              }
              return new Whole(id, found);
            }),
        Operation.post(
                "big-deals.close",
                "/big-deals/{bigDeal}/close",
                "Ends a purchase that is unpaid, with all its deals.")
            .path(ID)
            .body(REASON)
            .example("{\"reason\": \"cancel\"}")
            .refuses(NO_SUCH_BIG_DEAL, NOT_UNPAID)
            .answers(CLOSED)
            .by(call -> {
              BigDealId id = call.get(ID);
              return new Closed(
                  id,
                  Answers.done(
                      closeDeals.close(call.operator(), id, call.get(REASON)),
                      why -> DealsArea.spelt(why, List.of())));
            }));
  }
}
