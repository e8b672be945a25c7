package io.yunfu.billing.deal;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.NOW;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.billing.deal.CloseDeals.Reason;
import io.yunfu.db.Cell;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class DealLifeIT {
  private final Desk desk = new Desk(TestDatabase.cells(2));
  private final DueDeals due = new DueDeals(desk.clock);

  @AfterEach
  void close() {
    desk.cells.close();
  }

  @Test
  void a_whole_big_deal_ends_where_the_reason_says() {
    for (Reason reason : Reason.values()) {
      var order = desk.order(desk.owner(0), 10, 20);
      var bigDeal = bigDeal(order);
      assertThat(desk.closeDeals.close(ANN, bigDeal, reason).orThrow())
          .containsExactlyInAnyOrderElementsOf(order.dealIds());
      var expected =
          switch (reason) {
            case CANCELLED -> DealStatus.CLOSED;
            case SUPERSEDED -> DealStatus.INVALID;
            case PRODUCT_WITHDRAWN -> DealStatus.PRODUCT_INVALID;
            case PAYMENT_REFUSED -> DealStatus.PAYMENT_REFUSED;
          };
      assertThat(statuses(order)).containsOnly(expected);
      assertThat(desk.lastAudit().subject()).isEqualTo("big-deal/" + bigDeal);
      assertThat(refusal(desk.closeDeals.close(ANN, bigDeal, reason)))
          .isEqualTo(new DealRefused.NotUnpaid(order.dealIds().getFirst(), expected));
    }
    desk.requireSoundBooks();
  }

  @Test
  void what_is_not_there_cannot_be_closed() {
    var nothing = new BigDealId("nothing");
    assertThat(refusal(desk.closeDeals.close(ANN, nothing, Reason.CANCELLED)))
        .isEqualTo(new DealRefused.NoSuchBigDeal(nothing));
  }

  @Test
  void a_purchase_expires_as_a_whole_at_its_deadline_and_not_before() {
    var order = desk.order(desk.owner(0), 10, 20, 30);
    desk.clock.set(order.payUntil().minusNanos(1000));
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.UNPAID);
    desk.clock.set(order.payUntil());
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.EXPIRED);
    assertThat(desk.deals.find(order.dealIds().getFirst()).orElseThrow().statusAt())
        .isEqualTo(order.payUntil());
    desk.requireSoundBooks();
  }

  @Test
  void a_sweep_takes_no_more_than_its_batch_and_comes_to_an_end() {
    var owner = desk.owner(0);
    var cell = cellOf(owner);
    for (int i = 0; i < 5; i++) {
      desk.order(owner, new long[50]);
    }
    desk.clock.advance(Duration.ofDays(15));
    int swept = due.sweep(cell);
    assertThat(swept).isBetween(1, 250);
    while (due.sweep(cell) > 0) {}
    assertThat(desk.deals.list(Deals.Filter.ALL.in(DealStatus.UNPAID), Optional.empty(), 10))
        .isEmpty();
  }

  @Test
  void a_purchase_that_somebody_is_about_to_pay_is_left_alone() throws Exception {
    var owner = desk.owner(0);
    var order = desk.order(owner, 10, 20);
    var other = desk.order(owner, 30);
    desk.clock.advance(Duration.ofDays(15));
    var locked = new CountDownLatch(1);
    var swept = new CountDownLatch(1);
    var payer =
        Thread.ofVirtual()
            .start(() ->
                cellOf(owner)
                    .database()
                    .execute(tx -> {
                      tx.query(
                          "select deal_id from deal where deal_id = ? for update",
                          row -> row.text("deal_id"),
                          order.dealIds().getLast().value());
                      locked.countDown();
                      await(swept);
                    }));
    await(locked);
    sweepAll();
    swept.countDown();
    payer.join();
    assertThat(statuses(order)).containsOnly(DealStatus.UNPAID);
    assertThat(statuses(other)).containsOnly(DealStatus.EXPIRED);
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.EXPIRED);
  }

  @Test
  void a_deal_that_hangs_in_paying_is_payable_again_after_a_while() {
    var order = desk.order(desk.owner(0), 10);
    var id = order.dealIds().getFirst();
    desk.cells
        .all()
        .forEach(cell ->
            cell.database()
                .execute(
                    tx -> tx.update("update deal set status = 12 where deal_id = ?", id.value())));
    desk.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.PAYING);
    desk.clock.advance(Duration.ofMillis(1));
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.UNPAID);
    desk.clock.advance(CreateDeals.DEFAULT_UNPAID_TTL);
    sweepAll();
    assertThat(statuses(order)).containsOnly(DealStatus.EXPIRED);
  }

  @Test
  void a_deal_is_shown_with_all_that_was_ordered() {
    var owner = desk.owner(0);
    var order = desk.order(owner, 10, 20);
    var deal = desk.deals.find(order.dealIds().getLast()).orElseThrow();
    assertThat(deal.owner()).isEqualTo(owner);
    assertThat(deal.creator()).isEqualTo(owner);
    assertThat(deal.payable().cents()).isEqualTo(20);
    assertThat(deal.price().payableCents()).contains(20L);
    assertThat(deal.payUntil()).isEqualTo(NOW.plus(CreateDeals.DEFAULT_UNPAID_TTL));
    assertThat(deal.payment()).isEmpty();
    assertThat(desk.deals.ofBigDeal(deal.bigDeal())).hasSize(2).contains(deal);
    assertThat(desk.deals.find(new DealId("nothing"))).isEmpty();
    assertThat(desk.deals.ofBigDeal(new BigDealId("nothing"))).isEmpty();
  }

  @Test
  void deals_are_listed_by_owner_and_over_all_cells_page_by_page() {
    var one = desk.owner(0);
    var ids = new ArrayList<DealId>();
    for (int i = 0; i < 5; i++) {
      desk.clock.advance(Duration.ofSeconds(1));
      ids.addFirst(desk.order(one, 10).dealIds().getFirst());
    }
    for (int i = 0; i < 3; i++) {
      desk.order(desk.owner(0), 10);
    }
    assertThat(paged(Deals.Filter.ALL.of(one)))
        .extracting(PlacedDeal::id)
        .containsExactlyElementsOf(ids);
    var all = paged(Deals.Filter.ALL);
    assertThat(all).hasSize(8);
    assertThat(new HashSet<>(all)).hasSize(8);
    assertThat(all).isSortedAccordingTo((a, b) -> b.id().compareTo(a.id()));
  }

  @Test
  void every_filter_lets_pass_what_it_names() {
    var owner = desk.owner(0);
    var order = desk.order(owner, 10, 20);
    var deal = desk.deals.find(order.dealIds().getFirst()).orElseThrow();
    var all = Deals.Filter.ALL;
    assertThat(listed(all.in(DealStatus.UNPAID))).hasSize(2);
    assertThat(listed(all.of(owner).in(DealStatus.PAID, DealStatus.CLOSED))).isEmpty();
    assertThat(listed(filter(Optional.of(deal.bigDeal()), "", "", ""))).hasSize(2);
    assertThat(listed(filter(Optional.of(new BigDealId("x")), "", "", ""))).isEmpty();
    assertThat(listed(filter(Optional.empty(), "pkg", "", ""))).isEmpty();
    assertThat(listed(filter(Optional.empty(), "", "p_cvm", ""))).hasSize(2);
    assertThat(listed(filter(Optional.empty(), "", "p_other", ""))).isEmpty();
    assertThat(listed(filter(Optional.empty(), "", "", "ins-1"))).isEmpty();
    var renewal = NewDeal.purchase(Desk.CVM, 1_000_000, 1).about("renew", List.of("ins-1"));
    desk.createDeals.create(ANN, CreateDeals.Command.of(owner, renewal)).orThrow();
    assertThat(listed(filter(Optional.empty(), "", "", "ins-1"))).hasSize(1);
    var late =
        new Deals.Filter(
            Optional.of(owner),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NOW.plusSeconds(1),
            NOW.plusSeconds(2));
    assertThat(listed(late)).isEmpty();
  }

  private static Deals.Filter filter(
      Optional<BigDealId> bigDeal, String packageId, String product, String resource) {
    var all = Deals.Filter.ALL;
    return new Deals.Filter(
        Optional.empty(),
        Set.of(),
        bigDeal,
        Optional.of(packageId).filter(text -> !text.isEmpty()),
        Optional.of(product).filter(text -> !text.isEmpty()),
        Optional.of(resource).filter(text -> !text.isEmpty()),
        all.from(),
        all.until());
  }

  private List<PlacedDeal> listed(Deals.Filter filter) {
    return desk.deals.list(filter, Optional.empty(), 100);
  }

  private List<PlacedDeal> paged(Deals.Filter filter) {
    var all = new ArrayList<PlacedDeal>();
    List<PlacedDeal> page;
    do {
      var after =
          all.isEmpty()
              ? Optional.<Deals.Position>empty()
              : Optional.of(Deals.Position.of(all.getLast()));
      page = desk.deals.list(filter, after, 2);
      all.addAll(page);
    } while (!page.isEmpty());
    return all;
  }

  private void sweepAll() {
    desk.cells.all().forEach(due::sweep);
  }

  private List<DealStatus> statuses(CreateDeals.Created order) {
    return order.dealIds().stream().map(id -> desk.deals.find(id).orElseThrow().status()).toList();
  }

  private Cell cellOf(Uin owner) {
    return desk.cells.get(desk.accounts.find(owner).orElseThrow().cell());
  }

  private static BigDealId bigDeal(CreateDeals.Created order) {
    return new BigDealId(order.bigDeals().getFirst().bigDealId());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
