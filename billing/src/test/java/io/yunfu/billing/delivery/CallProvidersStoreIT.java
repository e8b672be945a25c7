package io.yunfu.billing.delivery;

import static io.yunfu.billing.Desk.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.delivery.ProviderAnswer.Accepted;
import io.yunfu.billing.delivery.ProviderAnswer.Delivered;
import io.yunfu.billing.delivery.ProviderAnswer.Refused;
import io.yunfu.billing.delivery.ProviderAnswer.Unknown;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditEntry;
import io.yunfu.operator.AuditLog;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// HTTP providers, step by step, on a clock that is set by hand, without the loop and without HTTP.
class CallProvidersStoreIT {
  private static final Instant START = Instant.parse("2026-01-01T04:00:00Z");

  private static Cells cells;
  private static Shop shop;

  private final Map<String, ProviderEndpoint> endpoints = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<CallProviders.Answered> answers = new LinkedBlockingQueue<>();
  private final List<String> calls = new ArrayList<>();
  private ManualClock clock;
  private DeliverDeals deliverDeals;
  private CallProviders node;
  private Uin owner;

  /// What the provider says next.
  private volatile ProviderAnswer next = new Unknown("silence");

  @BeforeAll
  static void open() {
    cells = TestDatabase.cells();
    shop =
        new Shop(cells.all().getLast())
            .product("p_web", "web", "web-maker")
            .product("p_dns", "dns", "dns-maker");
  }

  @AfterAll
  static void close() {
    cells.close();
  }

  @BeforeEach
  void begin() {
    clock = new ManualClock(START);
    endpoints.put("web-maker", endpoint("web-maker", 3, true));
    endpoints.put("dns-maker", endpoint("dns-maker", 3, true));
    var retries = backoff(Duration.ofHours(1));
    deliverDeals = new DeliverDeals(shop.cell.database(), new DeliveryStore(), clock, retries);
    node = node();
    owner = shop.owner();
  }

  @AfterEach
  void clear() {
    shop.sql("delete from delivery");
  }

  @Test
  void a_provider_delivers_and_the_deal_has_its_resources() throws Exception {
    var deal = sell();
    next = new Delivered(List.of("web-a", "web-b"));
    assertThat(callAndRecord().get(deal))
        .isEqualTo(new DeliveryResult.Delivered(List.of("web-a", "web-b")));
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERED);
    assertThat(shop.resources(deal)).containsExactly("web-a", "web-b");
    assertThat(shop.holdings(owner))
        .containsExactlyInAnyOrder("web-a " + deal + " 0 active", "web-b " + deal + " 0 active");
    assertThat(shop.queue(deal)).isEmpty();
    assertThat(history(deal)).containsExactly("1 delivered 2 resources");
  }

  @Test
  void a_refusal_ends_at_once_where_a_person_sees_it() throws Exception {
    var deal = sell();
    next = new Refused("sold out");
    assertThat(callAndRecord().get(deal)).isEqualTo(new DeliveryResult.Failed());
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERY_FAILED);
    assertThat(shop.queue(deal)).containsExactly("failed 0 Refused: sold out");
    assertThat(history(deal)).containsExactly("1 refused sold out");
  }

  @Test
  void silence_is_asked_again_after_pauses_that_double_and_ends_after_the_last_attempt()
      throws Exception {
    endpoints.put("web-maker", endpoint("web-maker", 4, true));
    var deal = sell();
    for (int pause : new int[] {1, 2, 4}) {
      assertThat(callAndRecord()).isEmpty();
      clock.advance(Duration.ofSeconds(pause).minusMillis(1));
      assertThat(node.callDue().begun()).isZero();
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(callAndRecord()).containsEntry(deal, new DeliveryResult.Failed());
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERY_FAILED);
    assertThat(shop.queue(deal))
        .containsExactly("failed 3 No definite answer in 4 attempts; last: silence");
    assertThat(history(deal)).hasSize(4);
  }

  @Test
  void a_provider_that_asks_for_time_gets_it() throws Exception {
    sell();
    next = new Unknown("HTTP 503", Optional.of(Duration.ofMinutes(2)));
    callAndRecord();
    clock.advance(Duration.ofSeconds(119));
    assertThat(node.callDue().begun()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(node.callDue().begun()).isEqualTo(1);
  }

  @Test
  void what_was_accepted_is_asked_for_until_it_is_delivered_and_costs_no_attempts()
      throws Exception {
    var deal = sell();
    next = new Accepted(Optional.empty());
    int asked = 0;
    for (Instant end = START.plusSeconds(3600); clock.instant().isBefore(end); ) {
      var round = node.callDue();
      if (round.begun() > 0) {
        asked++;
        record(round.begun());
      }
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(asked).isBetween(60, 80);
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERING);
    assertThat(history(deal)).as("only the first is recorded").containsExactly("1 accepted");
    clock.advance(Duration.ofMinutes(1));
    next = new Delivered(List.of("web-late"));
    assertThat(callAndRecord()).containsKey(deal);
  }

  @Test
  void accepted_work_that_never_ends_fails_after_its_time() throws Exception {
    var deal = sell();
    next = new Accepted(Optional.of(Duration.ofHours(1)));
    callAndRecord();
    clock.advance(Duration.ofDays(7));
    assertThat(callAndRecord()).containsEntry(deal, new DeliveryResult.Failed());
    assertThat(shop.queue(deal))
        .containsExactly("failed 0 Accepted, but not delivered within PT168H");
  }

  @Test
  void what_waits_too_long_for_a_dead_provider_is_given_up_but_not_for_a_paused_one()
      throws Exception {
    var waits = sell();
    endpoints.put("dns-maker", endpoint("dns-maker", 3, false));
    var paused = sell("p_dns");
    callAndRecord();
    clock.advance(Duration.ofHours(24).minusMillis(1));
    assertThat(node.giveUp()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(node.giveUp()).containsOnlyKeys(waits);
    assertThat(shop.queue(waits))
        .containsExactly("failed 1 No definite answer within PT24H; last: silence");
    assertThat(shop.queue(paused)).containsExactly("queued 0");
  }

  @Test
  void deals_of_a_paused_provider_wait_and_those_of_none_fail() throws Exception {
    shop.product("p_lost", "lost", "nobody");
    endpoints.put("web-maker", endpoint("web-maker", 3, false));
    var waits = sell();
    var lost = sell("p_lost");
    var round = node.callDue();
    assertThat(round.begun()).isZero();
    assertThat(round.results()).containsOnlyKeys(lost);
    assertThat(shop.queue(lost)).containsExactly("failed 0 There is no provider nobody");
    assertThat(shop.queue(waits)).containsExactly("queued 0");
    endpoints.put("web-maker", endpoint("web-maker", 3, true));
    assertThat(node.callDue().begun()).isEqualTo(1);
    record(1);
  }

  @Test
  void a_lease_keeps_other_nodes_away_until_it_ends() throws Exception {
    var other = node();
    var deal = sell();
    next = new Delivered(List.of("web-1"));
    assertThat(node.callDue().begun()).isEqualTo(1);
    answers.poll(10, TimeUnit.SECONDS); // lost, as if the node had died
    clock.advance(Duration.ofSeconds(5).plus(CallProviders.LEASE_MARGIN).minusMillis(1));
    assertThat(other.callDue().begun()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(other.callDue().begun()).isEqualTo(1);
    record(other, 1);
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERED);
    assertThat(calls).containsExactly(deal + " 1", deal + " 2");
  }

  @Test
  void an_answer_that_comes_after_its_lease_counts_only_if_it_is_delivered() throws Exception {
    var other = node();
    var first = sell();
    next = new Refused("too late");
    node.callDue();
    var late = answers.poll(10, TimeUnit.SECONDS);
    clock.advance(Duration.ofMinutes(1));
    next = new Unknown("silence");
    other.callDue();
    var now = answers.poll(10, TimeUnit.SECONDS);
    node.ended(late);
    assertThat(node.record(List.of(late))).isEmpty();
    assertThat(shop.status(first)).isEqualTo(DealStatus.DELIVERING);
    other.ended(now);
    var delivered = late.but(new Delivered(List.of("web-9")));
    assertThat(other.record(List.of(now, delivered)))
        .containsEntry(first, new DeliveryResult.Delivered(List.of("web-9")));
    assertThat(shop.queue(first)).isEmpty();
    assertThat(other.record(List.of(now, delivered))).as("again").isEmpty();
    assertThat(shop.resources(first)).containsExactly("web-9");
  }

  @Test
  void a_stopping_node_gives_back_what_it_abandons_without_counting_it() throws Exception {
    var deal = sell();
    next = new ProviderAnswer.Abandoned();
    assertThat(callAndRecord()).isEmpty();
    assertThat(shop.queue(deal)).containsExactly("queued 0");
    assertThat(node().callDue().begun()).as("at once").isEqualTo(1);
  }

  @Test
  void a_resource_of_another_owner_or_of_another_deal_is_not_taken() throws Exception {
    var mine = sell();
    next = new Delivered(List.of("web-taken"));
    callAndRecord();
    var again = sell();
    Uin other = shop.owner();
    var foreign =
        route(shop.sell(shop.sale(other, START).of("p_web").action("renew", "web-taken")));
    assertThat(callAndRecord()).isEmpty();
    assertThat(shop.queue(again))
        .containsExactly("queued 1 Answered \"delivered\", but resource web-taken exists already");
    assertThat(shop.queue(foreign))
        .containsExactly(
            "queued 1 Answered \"delivered\", but resource web-taken belongs to another owner");
    assertThat(shop.holdings(owner)).containsExactly("web-taken " + mine + " 0 active");
    assertThat(shop.holdings(other)).isEmpty();
  }

  @Test
  void two_deals_that_bring_the_same_resource_in_one_batch_do_not_both_get_it() throws Exception {
    var deals = List.of(sell(), sell());
    next = new Delivered(List.of("web-twice"));
    assertThat(callAndRecord()).hasSize(1);
    assertThat(deals.stream().filter(deal -> shop.status(deal) == DealStatus.DELIVERED)).hasSize(1);
  }

  @Test
  void a_change_ends_with_its_targets_where_the_provider_names_none() throws Exception {
    var deal = route(shop.sell(sale().of("p_web").action("renew", "web-old")));
    next = new Delivered(List.of());
    callAndRecord();
    assertThat(shop.resources(deal)).containsExactly("web-old");
    assertThat(shop.holdings(owner)).containsExactly("web-old " + deal + " 0 active");
  }

  @Test
  void a_provider_that_does_not_answer_gets_few_calls_and_takes_nothing_from_the_others()
      throws Exception {
    var dead = new ArrayList<DealId>();
    for (int i = 0; i < 20; i++) {
      dead.add(sell());
    }
    var alive = sell("p_dns");
    assertThat(node.callDue().begun()).as("four slots, and one of another").isEqualTo(5);
    record(5);
    assertThat(calls).contains(alive + " 1");
    assertThat(node.callDue().begun()).isEqualTo(4);
    record(4); // the fifth failure opens the circuit
    assertThat(node.callDue().begun()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(node.callDue().begun()).as("one probe, and the other again").isEqualTo(2);
    record(2);
    assertThat(dead.stream().filter(deal -> shop.status(deal) == DealStatus.DELIVERY_FAILED))
        .as("waiting costs no attempts")
        .isEmpty();
  }

  @Test
  void a_provider_whose_record_cannot_be_read_holds_up_nobody_else() throws Exception {
    endpoints.put("dns-maker", endpoint("unreadable", 3, true));
    var broken = sell("p_dns");
    var works = sell();
    next = new Delivered(List.of("web-works"));
    assertThat(callAndRecord()).containsOnlyKeys(works);
    assertThat(shop.queue(broken)).containsExactly("queued 0");
  }

  @Test
  void a_deal_redelivered_after_its_provider_changed_goes_to_the_new_one() throws Exception {
    var deal = sell();
    next = new Refused("no");
    callAndRecord();
    shop.product("p_web", "web", "");
    try {
      var redeliver = redeliver();
      assertThat(redeliver.redeliver(ANN, List.of(deal)).queued()).containsExactly(deal);
      assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERING);
      deliverDeals.deliver(List.of(deal), true);
      assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERED);
    } finally {
      shop.product("p_web", "web", "web-maker");
    }
  }

  @Test
  void only_what_has_failed_is_delivered_again_and_with_all_attempts_to_come() throws Exception {
    var failed = sell();
    next = new Refused("no");
    callAndRecord();
    var runs = sell();
    var nobody = new DealId("nobody");
    var answer = redeliver().redeliver(ANN, List.of(failed, runs, nobody, failed));
    assertThat(answer.queued()).containsExactly(failed);
    assertThat(answer.refused())
        .containsEntry(runs, new RedeliverDeals.Refused.NotFailed(DealStatus.DELIVERING))
        .containsEntry(nobody, new RedeliverDeals.Refused.NoSuchDeal())
        .hasSize(2);
    assertThat(shop.queue(failed)).containsExactly("queued 0");
    var log = new AuditLog().list(cells, AuditLog.Filter.ALL, Optional.empty(), 1000);
    assertThat(log)
        .filteredOn(AuditEntry::subject, "deal/" + failed)
        .extracting(AuditEntry::action, AuditEntry::actor)
        .containsExactly(tuple("deal.redeliver", ANN.actor()));
    assertThat(log).extracting(AuditEntry::subject).doesNotContain("deal/" + runs);
    assertThat(redeliver().redeliver(ANN, List.of(failed)).queued()).isEmpty();
  }

  @Test
  void everything_that_failed_with_one_provider_is_delivered_again_and_nothing_else()
      throws Exception {
    next = new Refused("no");
    var web = new ArrayList<DealId>();
    for (int i = 0; i < 6; i++) {
      web.add(sell());
    }
    var dns = sell("p_dns");
    int begun = node.callDue().begun();
    while (begun > 0) { // four at a time
      record(begun);
      begun = node.callDue().begun();
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(redeliver().redeliverAll(ANN, "web-maker")).isEqualTo(6);
    assertThat(web).allMatch(deal -> shop.status(deal) == DealStatus.DELIVERING);
    assertThat(shop.status(dns)).isEqualTo(DealStatus.DELIVERY_FAILED);
    assertThat(redeliver().redeliverAll(ANN, "web-maker")).isZero();
  }

  @Test
  void the_operator_sees_the_queue_by_state_provider_product_and_owner_page_by_page()
      throws Exception {
    next = new Refused("no");
    var failed = sell();
    callAndRecord();
    clock.advance(Duration.ofSeconds(1));
    var waiting = List.of(sell(), sell("p_dns"));
    var lists = new ListDeliveries(cells);
    var all = ListDeliveries.Filter.ALL;
    assertThat(lists.count(all)).isEqualTo(3);
    var first = lists.list(all, Optional.empty(), 2);
    var second = lists.list(all, Optional.of(first.getLast().position()), 2);
    assertThat(first).hasSize(2);
    assertThat(first.getFirst().deal()).isEqualTo(failed);
    assertThat(first.getFirst().lastError()).isEqualTo("Refused: no");
    assertThat(second).hasSize(1);
    assertThat(only(filter(QueueState.FAILED, null, null, null))).containsExactly(failed);
    assertThat(only(filter(null, "dns-maker", null, null))).containsExactly(waiting.get(1));
    assertThat(only(filter(null, null, "p_web", null))).containsExactly(failed, waiting.get(0));
    assertThat(only(filter(QueueState.QUEUED, "web-maker", "p_web", owner)))
        .containsExactly(waiting.get(0));
    assertThat(only(filter(null, null, null, shop.owner()))).isEmpty();
    assertThat(lists.find(failed).orElseThrow().attempts()).isEqualTo(1);
    assertThat(lists.find(new DealId("nobody"))).isEmpty();
    assertThat(lists.attempts(failed, Optional.empty(), 10))
        .extracting(Attempt::outcome)
        .containsExactly(Attempt.Outcome.REFUSED);
    var last = lists.attempts(failed, Optional.empty(), 1).getFirst();
    var after = Optional.of(ListDeliveries.AttemptPosition.of(last));
    assertThat(lists.attempts(failed, after, 10)).isEmpty();
  }

  private static ListDeliveries.Filter filter(
      QueueState state, String provider, String product, Uin owner) {
    return new ListDeliveries.Filter(
        Optional.ofNullable(state),
        Optional.ofNullable(provider),
        Optional.ofNullable(product),
        Optional.ofNullable(owner));
  }

  private static List<DealId> only(ListDeliveries.Filter filter) {
    var lists = new ListDeliveries(cells);
    var found = lists.list(filter, Optional.empty(), 100);
    assertThat(lists.count(filter)).isEqualTo(found.size());
    return found.stream().map(ListDeliveries.QueuedDelivery::deal).toList();
  }

  private RedeliverDeals redeliver() {
    var idle =
        new Delivery(
            shop.cell,
            ProviderEndpoints.NONE,
            this::answer,
            DeliverySettings.DEFAULT,
            clock,
            ProviderGateTest.middle(),
            DeliveryListener.NONE);
    return new RedeliverDeals(cells, id -> idle, clock);
  }

  private CallProviders node() {
    var settings = settings();
    return new CallProviders(
        shop.cell.id(),
        shop.cell.database(),
        new DeliveryStore(),
        this::find,
        this::answer,
        settings,
        clock,
        backoff(settings.longestRetry()),
        backoff(Duration.ofMinutes(1)),
        DeliveryListener.NONE,
        answers::add);
  }

  private static DeliverySettings settings() {
    var plain = DeliverySettings.DEFAULT;
    return new DeliverySettings(
        plain.batch(),
        plain.poll(),
        plain.idlePoll(),
        plain.headStart(),
        4,
        plain.firstRetry(),
        plain.longestRetry(),
        plain.giveUpAfter(),
        plain.acceptedAtMost(),
        5,
        plain.circuitPause(),
        plain.longestCircuitPause(),
        plain.stopGrace(),
        plain.sampleEvery());
  }

  private static Backoff backoff(Duration longest) {
    return new Backoff(Duration.ofSeconds(1), longest, ProviderGateTest.middle());
  }

  private Optional<ProviderEndpoint> find(String name) {
    var found = Optional.ofNullable(endpoints.get(name));
    if (found.isPresent() && found.get().name().equals("unreadable")) {
      throw new IllegalStateException("wrong master key");
    }
    return found;
  }

  private synchronized ProviderAnswer answer(
      ProviderEndpoint endpoint, ProviderRequest request, int attempt) {
    calls.add(request.deal() + " " + attempt);
    return next;
  }

  private static ProviderEndpoint endpoint(String name, int attempts, boolean active) {
    return new ProviderEndpoint(
        name, URI.create("https://a/"), "secret", Duration.ofSeconds(5), attempts, active);
  }

  private Shop.Sale sale() {
    return shop.sale(owner, clock.instant());
  }

  private DealId sell() {
    return sell("p_web");
  }

  private DealId sell(String product) {
    return route(shop.sell(sale().of(product)));
  }

  private DealId route(DealId deal) {
    assertThat(deliverDeals.deliver(List.of(deal), true).routed()).isEqualTo(1);
    return deal;
  }

  private Map<DealId, DeliveryResult> callAndRecord() throws InterruptedException {
    return record(node.callDue().begun());
  }

  private Map<DealId, DeliveryResult> record(int expected) throws InterruptedException {
    return record(node, expected);
  }

  private Map<DealId, DeliveryResult> record(CallProviders by, int expected)
      throws InterruptedException {
    var got = new ArrayList<CallProviders.Answered>();
    for (int i = 0; i < expected; i++) {
      var one = answers.poll(10, TimeUnit.SECONDS);
      by.ended(one);
      got.add(one);
    }
    return by.record(got);
  }

  private List<String> history(DealId deal) {
    return new ListDeliveries(cells)
        .attempts(deal, Optional.empty(), 100).stream()
            .map(one -> (one.number() + " " + one.outcome().code() + " " + one.detail()).strip())
            .toList()
            .reversed();
  }
}
