package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.Attempt;
import io.yunfu.billing.delivery.ListDeliveries;
import io.yunfu.billing.delivery.ListDeliveries.QueuedDelivery;
import io.yunfu.billing.delivery.QueueState;
import io.yunfu.billing.delivery.RedeliverDeals;
import io.yunfu.kernel.Uin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Deliveries that wait, run or have failed. What is delivered leaves this list.
final class DeliveriesArea implements Area {
  private static final int MOST_AT_ONCE = 500;

  private static final ErrorCode NOT_QUEUED =
      ErrorCode.of(
          404,
          "NotQueued",
          "The deal {0} is in no queue: it is delivered, or was never paid.",
          "订单 {0} 不在交付队列中:已交付或未支付。");

  private static final Scalar<QueueState> STATE =
      Types.choice(Arrays.asList(QueueState.values()), QueueState::code);
  private static final Scalar<Attempt.Outcome> OUTCOME =
      Types.choice(Arrays.asList(Attempt.Outcome.values()), Attempt.Outcome::code);
  private static final Scalar<Integer> COUNT = Types.int32(0, Integer.MAX_VALUE);

  private static final Form<QueuedDelivery> DELIVERY =
      Form.<QueuedDelivery>of("Delivery", "A paid deal that is not delivered yet.")
          .with("deal", DealsArea.DEAL_ID, "The deal.", QueuedDelivery::deal)
          .with("owner", Types.UIN, "Whose deal it is.", QueuedDelivery::owner)
          .with("dealStatus", DealsArea.STATUS, "Where the deal stands.", QueuedDelivery::status)
          .with("product", DealsArea.PRODUCT_CODE, "Its product.", QueuedDelivery::productCode)
          .with(
              "subProduct",
              DealsArea.PRODUCT_CODE,
              "Its sub-product.",
              QueuedDelivery::subProductCode)
          .maybe(
              "provider",
              ProvidersArea.NAME,
              "Whose queue it stands in; absent for the built-in provider.",
              each -> Answers.unlessEmpty(each.provider()))
          .with(
              "state",
              STATE,
              "Whether it waits, runs, or has failed for good.",
              QueuedDelivery::state)
          .with("attempts", COUNT, "Calls begun since it was queued.", QueuedDelivery::attempts)
          .with(
              "failures",
              COUNT,
              "Calls in a row without a definite answer.",
              QueuedDelivery::failures)
          .with(
              "queuedAt", Types.INSTANT, "Since when it is in the queue.", QueuedDelivery::queuedAt)
          .with(
              "nextAttemptAt",
              Types.INSTANT,
              "When it is looked at next.",
              QueuedDelivery::nextAttemptAt)
          .maybe(
              "leasedUntil",
              Types.INSTANT,
              "While a call runs: when another node may take it.",
              QueuedDelivery::leasedUntil)
          .maybe(
              "acceptedAt",
              Types.INSTANT,
              "When its provider said that it is at work.",
              QueuedDelivery::acceptedAt)
          .with(
              "lastError", Types.text(10_000), "What went wrong last.", QueuedDelivery::lastError);

  private static final Form<Attempt> ATTEMPT =
      Form.<Attempt>of("DeliveryAttempt", "One call to a provider.")
          .with("number", COUNT, "Counts from 1 within one stay in the queue.", Attempt::number)
          .with("startedAt", Types.INSTANT, "When it began.", Attempt::startedAt)
          .with("endedAt", Types.INSTANT, "When it ended.", Attempt::endedAt)
          .with("outcome", OUTCOME, "How it ended.", Attempt::outcome)
          .with("detail", Types.text(10_000), "More about it.", Attempt::detail);

  private static final Form<Map.Entry<DealId, RedeliverDeals.Refused>> NOT_AGAIN =
      Form.<Map.Entry<DealId, RedeliverDeals.Refused>>of(
              "NotRedelivered", "A deal that is not delivered again.")
          .with("deal", DealsArea.DEAL_ID, "The deal.", Map.Entry::getKey)
          .with(
              "code",
              Types.choice(List.of("NoSuchDeal", "NotFailed")),
              "`NoSuchDeal`, or `NotFailed`: only what has failed can be delivered again.",
              each -> code(each.getValue()))
          .maybe(
              "status",
              DealsArea.STATUS,
              "Of `NotFailed`: where the deal stands.",
              each ->
                  each.getValue() instanceof RedeliverDeals.Refused.NotFailed(var status)
                      ? Optional.of(status)
                      : Optional.empty());

  private static final Form<RedeliverDeals.Redelivered> REDELIVERED =
      Form.<RedeliverDeals.Redelivered>of("Redelivered", "What became of each deal.")
          .with(
              "queued",
              Form.list(DealsArea.DEAL_ID),
              "Those that are queued again.",
              RedeliverDeals.Redelivered::queued)
          .with(
              "refused",
              Form.list(NOT_AGAIN),
              "Those that are not.",
              done -> List.copyOf(done.refused().entrySet()));

  private static final Form<Integer> REDELIVERED_ALL =
      Form.<Integer>of("RedeliveredAll", "How many deals are queued again.")
          .with("queued", COUNT, "Their number.", number -> number);

  private static final Field.Must<DealId> DEAL =
      must("deal", DealsArea.DEAL_ID, "The id of the deal.");
  private static final Field.Must<List<DealId>> DEALS =
      must("deals", ListOf.of(DealsArea.DEAL_ID, 1, MOST_AT_ONCE), "The ids of the deals.");
  private static final Field.May<String> PROVIDER =
      may("provider", ProvidersArea.NAME, "Whose deals; without it, the built-in provider's.");
  private static final Field.May<QueueState> STATE_IS =
      may("state", STATE, "Only those that stand so.");
  private static final Field.May<String> PROVIDER_IS =
      may("provider", ProvidersArea.NAME, "Only those in the queue of this provider.");
  private static final Field.May<String> PRODUCT_IS =
      may("product", DealsArea.PRODUCT_CODE, "Only those of this product.");
  private static final Field.May<Uin> OWNER_IS =
      may("owner", Types.UIN, "Only those of this account.");

  private static final Cursor<ListDeliveries.Position> CURSOR =
      Cursor.timeAnd(
          ListDeliveries.Position::queuedAt,
          position -> position.deal().value(),
          (at, deal) -> new ListDeliveries.Position(at, new DealId(deal)));
  private static final Cursor<ListDeliveries.AttemptPosition> ATTEMPT_CURSOR =
      Cursor.timeAnd(
          ListDeliveries.AttemptPosition::startedAt,
          position -> Integer.toString(position.number()),
          (at, number) -> new ListDeliveries.AttemptPosition(at, Integer.parseInt(number)));

  private final ListDeliveries deliveries;
  private final RedeliverDeals redeliverDeals;

  DeliveriesArea(ListDeliveries deliveries, RedeliverDeals redeliverDeals) {
    this.deliveries = deliveries;
    this.redeliverDeals = redeliverDeals;
  }

  @Override
  public String name() {
    return "deliveries";
  }

  @Override
  public String about() {
    return "Paid deals that are not delivered yet.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get(
                "deliveries.list",
                "/deliveries",
                "Lists what waits, runs or has failed, longest in the queue first.")
            .query(STATE_IS, PROVIDER_IS, PRODUCT_IS, OWNER_IS)
            .pages(
                DELIVERY,
                CURSOR,
                QueuedDelivery::position,
                "deal",
                "owner",
                "state",
                "provider",
                "product",
                "attempts",
                "queuedAt",
                "nextAttemptAt",
                "lastError")
            .by((call, part) ->
                deliveries.list(
                    new ListDeliveries.Filter(
                        call.get(STATE_IS),
                        call.get(PROVIDER_IS),
                        call.get(PRODUCT_IS),
                        call.get(OWNER_IS)),
                    part.after(),
                    part.limit())),
        Operation.get("deliveries.get", "/deliveries/{deal}", "Shows the delivery of a deal.")
            .path(DEAL)
            .refuses(NOT_QUEUED)
            .answers(DELIVERY)
            .by(call -> Answers.found(deliveries.find(call.get(DEAL)), NOT_QUEUED, call.get(DEAL))),
        Operation.get(
                "deliveries.attempts",
                "/deliveries/{deal}/attempts",
                "Lists the calls that were made for a deal, newest first.")
            .about("They stay when it is delivered. The built-in provider makes no calls.")
            .path(DEAL)
            .pages(
                ATTEMPT,
                ATTEMPT_CURSOR,
                ListDeliveries.AttemptPosition::of,
                "number",
                "startedAt",
                "endedAt",
                "outcome",
                "detail")
            .by((call, part) -> deliveries.attempts(call.get(DEAL), part.after(), part.limit())),
        Operation.post(
                "deliveries.redeliver",
                "/deliveries/redeliver",
                "Has failed deals delivered again.")
            .body(DEALS)
            .example("{\"deals\": [\"20261126000000000000042\"]}")
            .answers(REDELIVERED)
            .by(call -> redeliverDeals.redeliver(call.operator(), call.get(DEALS))),
        Operation.post(
                "deliveries.redeliver-failed",
                "/deliveries/redeliver-failed",
                "Has everything delivered again that has failed with one provider.")
            .body(PROVIDER)
            .example("{\"provider\": \"machine-maker\"}")
            .answers(REDELIVERED_ALL)
            .by(call ->
                redeliverDeals.redeliverAll(call.operator(), call.get(PROVIDER).orElse(""))));
  }

  private static String code(RedeliverDeals.Refused why) {
    return switch (why) {
      case RedeliverDeals.Refused.NoSuchDeal() -> "NoSuchDeal";
      case RedeliverDeals.Refused.NotFailed(var status) -> "NotFailed";
    };
  }
}
