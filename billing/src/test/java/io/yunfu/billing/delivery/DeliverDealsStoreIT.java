package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import io.yunfu.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The built-in provider, step by step, without the loop around it.
class DeliverDealsStoreIT {
  private static final Instant START = Instant.parse("2026-01-01T04:00:00Z");

  private static Cells cells;
  private static Shop shop;

  private ManualClock clock;
  private DeliverDeals deliverDeals;
  private Uin owner;

  @BeforeAll
  static void open() {
    cells = TestDatabase.cells();
    shop = new Shop(cells.all().getLast());
  }

  @AfterAll
  static void close() {
    cells.close();
  }

  @BeforeEach
  void begin() {
    clock = new ManualClock(START);
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofHours(1), new Random(1));
    deliverDeals = new DeliverDeals(shop.cell.database(), new DeliveryStore(), clock, backoff);
    owner = shop.owner();
  }

  @Test
  void a_purchase_gets_one_resource_per_piece_and_leaves_the_queue() {
    var deal = shop.sell(sale().times(3));
    var results = deliver(deal).results();
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERED);
    assertThat(shop.resources(deal)).hasSize(3).allMatch(id -> id.matches("ins-[0-9a-z]{8}"));
    assertThat(results.get(deal)).isEqualTo(new DeliveryResult.Delivered(shop.resources(deal)));
    assertThat(shop.queue(deal)).isEmpty();
    assertThat(shop.holdings(owner))
        .isEqualTo(
            Set.copyOf(
                shop.resources(deal).stream().map(id -> id + " " + deal + " 0 active").toList()));
  }

  @Test
  void delivering_twice_makes_nothing_twice_and_gives_the_same_answer() {
    var deal = shop.sell(sale());
    var first = deliver(deal).results();
    assertThat(deliver(deal).results()).isEqualTo(first);
    assertThat(shop.holdings(owner)).hasSize(1);
  }

  @Test
  void the_same_deal_would_make_the_same_resource_again_after_a_lost_commit() {
    var deal = shop.sell(sale());
    deliver(deal);
    var before = shop.resources(deal);
    shop.sql("delete from resource where deal_id = ?", deal.value());
    shop.sql("update deal set status = 2, resource_ids = '{}' where deal_id = ?", deal.value());
    shop.sql(
        "insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at) values (?, 1, 'queued', now(), now())",
        deal.value());
    deliver(deal);
    assertThat(shop.resources(deal)).isEqualTo(before);
  }

  @Test
  void an_id_that_another_deal_has_already_is_passed_over_and_its_neighbours_keep_theirs() {
    var first = shop.sell(sale());
    deliver(first);
    var deals = shop.sell(sale(), 3);
    String wanted = ResourceIds.make("ins", deals.get(1), 0, 0);
    shop.sql("update resource set resource_id = ? where deal_id = ?", wanted, first.value());
    deliver(deals.toArray(DealId[]::new));
    assertThat(shop.resources(deals.get(0)))
        .containsExactly(ResourceIds.make("ins", deals.get(0), 0, 0));
    assertThat(shop.resources(deals.get(1)))
        .containsExactly(ResourceIds.make("ins", deals.get(1), 0, 1));
    assertThat(shop.resources(deals.get(2)))
        .containsExactly(ResourceIds.make("ins", deals.get(2), 0, 0));
  }

  @Test
  void a_renewal_keeps_the_resource_and_replaces_who_paid_for_its_term() {
    var bought = shop.sell(sale());
    deliver(bought);
    String resource = shop.resources(bought).getFirst();
    clock.advance(Duration.ofDays(1));
    var renewed = shop.sell(sale().action("renew", resource).mode(4));
    deliver(renewed);
    assertThat(shop.resources(renewed)).containsExactly(resource);
    assertThat(shop.holdings(owner)).containsExactly(resource + " " + renewed + " 4 active");
  }

  @Test
  void two_terms_in_one_batch_end_with_the_one_that_was_paid_last() {
    var bought = shop.sell(sale());
    deliver(bought);
    String resource = shop.resources(bought).getFirst();
    var late = shop.sell(sale(START.plusSeconds(20)).action("upgrade", resource));
    var early = shop.sell(sale(START.plusSeconds(10)).action("renew", resource));
    deliver(late, early);
    assertThat(shop.holdings(owner)).containsExactly(resource + " " + late + " 0 active");
  }

  @Test
  void a_term_that_was_paid_earlier_and_delivered_later_does_not_come_back() {
    var bought = shop.sell(sale());
    deliver(bought);
    String resource = shop.resources(bought).getFirst();
    var early = shop.sell(sale(START.plusSeconds(10)).action("renew", resource));
    var late = shop.sell(sale(START.plusSeconds(20)).action("renew", resource));
    deliver(late);
    deliver(early);
    assertThat(shop.status(early)).isEqualTo(DealStatus.DELIVERED);
    assertThat(shop.holdings(owner)).containsExactly(resource + " " + late + " 0 active");
  }

  @Test
  void a_resource_of_another_owner_cannot_be_renewed() {
    var bought = shop.sell(sale());
    deliver(bought);
    String resource = shop.resources(bought).getFirst();
    Uin other = shop.owner();
    var deal = shop.sell(shop.sale(other, START).action("renew", resource));
    assertThat(deliver(deal).results().get(deal)).isEqualTo(new DeliveryResult.Failed());
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERY_FAILED);
    assertThat(shop.queue(deal))
        .containsExactly("failed 0 Refused: resource " + resource + " belongs to another owner");
    assertThat(shop.holdings(owner)).containsExactly(resource + " " + bought + " 0 active");
  }

  @Test
  void a_resource_that_moved_out_may_move_in_elsewhere() {
    var bought = shop.sell(sale());
    deliver(bought);
    String resource = shop.resources(bought).getFirst();
    Uin other = shop.owner();
    var tooEarly = shop.sell(shop.sale(other, START.plusSeconds(1)).action("preMoveIn", resource));
    deliver(tooEarly);
    assertThat(shop.status(tooEarly)).isEqualTo(DealStatus.DELIVERY_FAILED);
    var out = shop.sell(sale(START.plusSeconds(2)).action("preMoveOut", resource));
    deliver(out);
    assertThat(shop.holdings(owner)).containsExactly(resource + " " + out + " 0 ended");
    var in = shop.sell(shop.sale(other, START.plusSeconds(3)).action("preMoveIn", resource));
    deliver(in);
    assertThat(shop.holdings(other)).containsExactly(resource + " " + in + " 0 active");
    assertThat(shop.holdings(owner)).isEmpty();
  }

  @Test
  void a_change_of_a_resource_from_elsewhere_makes_it_known() {
    var deal = shop.sell(sale().action("renew", "ins-elsewhere"));
    deliver(deal);
    assertThat(shop.holdings(owner)).containsExactly("ins-elsewhere " + deal + " 0 active");
  }

  @Test
  void a_renewal_of_nothing_and_a_purchase_of_too_much_fail_where_a_person_sees_it() {
    var nothing = shop.sell(sale().action("renew"));
    var tooMuch = shop.sell(sale().times(1001));
    var most = shop.sell(sale().times(1000));
    deliver(nothing, tooMuch, most);
    assertThat(shop.queue(nothing)).containsExactly("failed 0 The deal names no resource to renew");
    assertThat(shop.queue(tooMuch)).containsExactly("failed 0 A deal makes at most 1000 resources");
    assertThat(shop.resources(most)).hasSize(1000);
  }

  @Test
  void a_transaction_is_bounded_by_what_it_makes_and_leaves_the_rest_for_the_next() {
    var deals = shop.sell(sale().times(1000), 11);
    var step = deliver(deals.toArray(DealId[]::new));
    assertThat(step.results()).hasSize(10);
    assertThat(step.left()).hasSize(1);
    assertThat(deliver(step.left().getFirst()).results()).hasSize(1);
  }

  @Test
  void a_deal_that_was_refunded_or_never_paid_is_not_delivered() {
    var refunding = shop.sell(sale());
    shop.sql("update deal set status = 13 where deal_id = ?", refunding.value());
    deliver(refunding);
    assertThat(shop.status(refunding)).isEqualTo(DealStatus.REFUNDING);
    assertThat(shop.queue(refunding)).containsExactly("failed 0 The deal is in status REFUNDING");
    assertThat(deliver(new DealId("nobody")).results()).isEmpty();
  }

  @Test
  void deals_of_an_http_provider_stand_in_its_queue_then() {
    shop.product("p_http", "web", "web-maker");
    var deal = shop.sell(sale().of("p_http"));
    var step = deliver(deal);
    assertThat(step.routed()).isEqualTo(1);
    assertThat(step.results()).isEmpty();
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERING);
    assertThat(deliver(deal).routed()).isZero();
    assertThat(shop.queue(deal)).containsExactly("queued 0");
  }

  @Test
  void what_another_holds_is_left_out_unless_in_a_hurry() {
    var held = shop.sell(sale());
    var free = shop.sell(sale());
    shop.cell
        .database()
        .execute(tx -> {
          tx.query(
              "select 1 as one from deal where deal_id = ? for update",
              row -> row.intAt("one"),
              held.value());
          var another =
              CompletableFuture.supplyAsync(() -> deliverDeals.deliver(List.of(held, free), false));
          assertThat(another.join().results()).containsOnlyKeys(free);
        });
    assertThat(deliver(held).results()).containsOnlyKeys(held);
  }

  @Test
  void a_deal_is_left_to_the_node_that_was_paid_for_a_moment() {
    var deal = shop.sell(sale());
    assertThat(deliverDeals.due(START.minusSeconds(1), 10_000)).doesNotContain(deal);
    assertThat(deliverDeals.due(START, 10_000)).contains(deal);
  }

  @Test
  void a_fault_of_ours_puts_a_deal_off_and_ends_in_the_operators_list() {
    var deal = shop.sell(sale());
    for (int fault = 1; fault < DeliverDeals.MOST_FAULTS; fault++) {
      assertThat(deliverDeals.putOff(deal, "oops").results()).isEmpty();
      assertThat(deliverDeals.due(clock.instant(), 10_000)).doesNotContain(deal);
      clock.advance(Duration.ofHours(2));
      assertThat(deliverDeals.due(clock.instant(), 10_000)).contains(deal);
    }
    deliverDeals.putOff(deal, "oops");
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERY_FAILED);
    assertThat(shop.queue(deal)).containsExactly("failed 9 Internal error: oops");
  }

  private Shop.Sale sale() {
    return sale(clock.instant());
  }

  private Shop.Sale sale(Instant paidAt) {
    return shop.sale(owner, paidAt);
  }

  private DeliverDeals.Step deliver(DealId... deals) {
    return deliverDeals.deliver(List.of(deals), true);
  }
}
