package io.yunfu.billing.deal;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.account.Caller;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DealQueryStoreIT {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int OWN_DEALS = 400;
  private static final List<DealStatus> STATUSES = List.of(DealStatus.values());
  private static final List<String> RESOURCES = List.of("ins-a", "ins-b", "ins-c");

  private static final String INSERT =
      """
      insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, status, product_code, sub_product_code,
                        action, pay_mode, currency, price_micro, quantity, time_span, time_unit, total_cost_micro,
                        policy_ppm, payable, target_resources, resource_ids, created_at, pay_until, status_at, payer_uin,
                        agent_pay, real_total_cost, voucher_decline, posting_id, paid_at)
      select deal_id, big_deal_id, owner_uin, owner_uin, 4, status, 'p_cvm', 'sp_cvm', 'purchase', 'prePay', 'CNY',
             100000000, 1, 1, 'm', 100000000, 1000000, 100, targets, resources, at, at, at,
             case when paid then owner_uin end, case when paid then 0 end, case when paid then 100 end,
             case when paid then 0 end, case when paid then 1 end, case when paid then at end
        from (select *, status in (2, 3, 4, 5, 6, 13, 30) as paid
                from (values (?, ?, ?::bigint, ?::smallint, ?::text[], ?::text[], ?::timestamptz))
                     as v (deal_id, big_deal_id, owner_uin, status, targets, resources, at)) d
      """;

  /// So many that reading all of them is never the shortest way.
  private static final String CROWD =
      """
      insert into big_deal
      select 'crowd-' || n, ?, ?, null, '2026-01-01 00:00:00+00' from generate_series(1, 1000) n;
      insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, status, product_code, sub_product_code,
                        action, pay_mode, currency, price_micro, quantity, time_span, time_unit, total_cost_micro,
                        policy_ppm, payable, resource_ids, created_at, pay_until, status_at)
      select 'crowd-' || n, 'crowd-' || (n / 60 + 1), 7000 + n % 1000, 7, 60, 7, 'p_cvm', 'sp_cvm', 'purchase', 'prePay',
             'CNY', 100000000, 1, 1, 'm', 100000000, 1000000, 100, array['crowd-ins-' || n],
             timestamptz '2026-01-01 00:00:00+00' + n * interval '1 second', '2026-01-16 00:00:00+00',
             '2026-01-01 00:00:00+00'
        from generate_series(1, 50000) n;
      analyze deal
      """;

  /// As deliveries leave it: the first of all deals that name a resource has made it.
  private static final String MADE =
      """
      insert into resource (resource_id, owner_uin, product_code, sub_product_code, deal_id, made_by, payer_uin,
                            agent_pay, state, created_at)
      select distinct on (id) id, owner_uin, product_code, sub_product_code, deal_id, deal_id, owner_uin, 0, 'active',
             created_at
        from deal
       cross join unnest(resource_ids) as made (id)
       order by id, deal_id
      """;

  private static final String RELATED =
      """
      insert into resource_deal (resource_id, deal_id)
      select id, deal_id
        from deal d
       cross join unnest(resource_ids) as made (id)
       where not exists (select from resource r where r.resource_id = id and r.made_by = d.deal_id)
      """;

  private final Cells cells = TestDatabase.cells();
  private final Cell cell = cells.all().getLast();
  private final Given given = new Given(cell, START);
  private final FindDeals find = new FindDeals(cells);
  private final Caller owner = given.owner(0);
  private final List<Kept> kept = new ArrayList<>();

  /// A deal as this test knows it.
  private record Kept(
      String id, String bigDeal, DealStatus status, List<String> resources, Instant createdAt) {}

  @BeforeAll
  void insert() {
    var random = RandomGenerator.of("L64X128MixRandom");
    given.product("p_cvm", "ins");
    long uin = owner.owner().value();
    cell.database()
        .execute(tx -> {
          for (int i = 0; i < OWN_DEALS; i++) {
            String bigDeal = "big-" + i / 4;
            if (i % 4 == 0) {
              tx.update("insert into big_deal values (?, ?, ?, null, ?)", bigDeal, uin, uin, START);
            }
            // Few different instants, so that many deals share one.
            Instant at =
                START.plusSeconds(random.nextInt(200)).plusNanos(1000L * random.nextInt(3));
            DealStatus status = STATUSES.get(random.nextInt(STATUSES.size()));
            List<String> targets = some(random);
            List<String> made = some(random);
            String id = "own-" + i;
            tx.update(
                INSERT,
                id,
                bigDeal,
                uin,
                (short) status.code(),
                targets.toArray(String[]::new),
                made.toArray(String[]::new),
                at);
            var resources = Stream.concat(targets.stream(), made.stream()).distinct().toList();
            kept.add(new Kept(id, bigDeal, status, resources, at));
          }
          tx.update(MADE);
          tx.update(RELATED);
          tx.update(CROWD, uin, uin);
        });
  }

  private static List<String> some(RandomGenerator random) {
    return RESOURCES.stream().filter(resource -> random.nextInt(4) == 0).toList();
  }

  @AfterAll
  void close() {
    cells.close();
  }

  private DealQuery all(Page.Request page) {
    return new DealQuery(
        owner.owner(),
        START,
        START.plusSeconds(1000),
        Set.of(DealStatus.values()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        page);
  }

  @Test
  void every_query_finds_what_reading_all_deals_one_by_one_finds() {
    forAll(
        150,
        this::query,
        query -> {
          var expected =
              kept.stream()
                  .filter(deal -> matches(deal, query))
                  .sorted(Comparator.comparing(Kept::createdAt).thenComparing(Kept::id).reversed())
                  .toList();
          Page<ListedDeal> page = find.find(cell.id(), query);
          assertThat(page.total()).isEqualTo(expected.size());
          assertThat(page.items().stream().map(deal -> deal.id().value()))
              .containsExactlyElementsOf(
                  expected.stream()
                      .skip(query.page().offset())
                      .limit(query.page().limit())
                      .map(Kept::id)
                      .toList());
          for (ListedDeal deal : page.items()) {
            var known = kept.stream().filter(one -> one.id.equals(deal.id().value())).findFirst();
            assertThat(deal.resources()).isEqualTo(known.orElseThrow().resources);
            assertThat(deal.createdAt()).isEqualTo(known.orElseThrow().createdAt);
          }
        });
  }

  private DealQuery query(RandomGenerator random) {
    Instant from = START.plusSeconds(random.nextInt(-10, 200));
    var statuses =
        Stream.of(DealStatus.values())
            .filter(status -> random.nextInt(3) == 0)
            .collect(Collectors.toSet());
    return new DealQuery(
        owner.owner(),
        from,
        from.plusSeconds(random.nextInt(250)),
        statuses.isEmpty() ? Set.of(DealStatus.DELIVERED) : statuses,
        maybe(random, new DealId("own-" + random.nextInt(OWN_DEALS + 5))),
        maybe(random, new BigDealId("big-" + random.nextInt(OWN_DEALS / 4))),
        maybe(random, RESOURCES.get(random.nextInt(RESOURCES.size()))),
        new Page.Request(random.nextInt(3) * 10L, 1 + random.nextInt(30)));
  }

  private static <T> Optional<T> maybe(RandomGenerator random, T value) {
    return random.nextInt(5) == 0 ? Optional.of(value) : Optional.empty();
  }

  private static boolean matches(Kept deal, DealQuery query) {
    return !deal.createdAt.isBefore(query.from())
        && deal.createdAt.isBefore(query.until())
        && query.statuses().contains(deal.status)
        && query.deal().map(id -> id.value().equals(deal.id)).orElse(true)
        && query.bigDeal().map(id -> id.value().equals(deal.bigDeal)).orElse(true)
        && query.resource().map(deal.resources::contains).orElse(true);
  }

  @Test
  void another_owners_deals_are_not_there_whatever_is_asked() {
    var stranger = given.owner(0);
    for (Optional<DealId> deal :
        List.of(Optional.<DealId>empty(), Optional.of(new DealId("own-1")))) {
      var query =
          new DealQuery(
              stranger.owner(),
              START,
              START.plusSeconds(1000),
              Set.of(DealStatus.values()),
              deal,
              Optional.empty(),
              Optional.empty(),
              new Page.Request(0, 10));
      assertThat(find.find(cell.id(), query)).isEqualTo(new Page<>(List.of(), 0));
    }
  }

  @Test
  void a_page_beyond_the_last_is_empty_and_knows_the_total() {
    for (long offset : new long[] {OWN_DEALS, Long.MAX_VALUE}) {
      var page = find.find(cell.id(), all(new Page.Request(offset, 1000)));
      assertThat(page.items()).isEmpty();
      assertThat(page.total()).isEqualTo(OWN_DEALS);
    }
  }

  @Test
  void page_and_total_are_of_one_moment() throws Exception {
    var busy = given.owner(0);
    var done = new AtomicBoolean();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              while (!done.get()) {
                given.deal(busy, 100);
              }
            });
    try {
      long last = 0;
      for (int i = 0; i < 50 || last == 0; i++) {
        var page =
            find.find(
                cell.id(),
                new DealQuery(
                    busy.owner(),
                    START,
                    START.plusSeconds(1),
                    Set.of(DealStatus.UNPAID),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new Page.Request(0, 1000)));
        assertThat(page.items().size()).isEqualTo((int) Math.min(1000, page.total()));
        assertThat(page.total()).isGreaterThanOrEqualTo(last);
        last = page.total();
      }
    } finally {
      done.set(true);
      writer.join();
    }
  }

  @Test
  void no_query_reads_the_whole_table() {
    var one = new Page.Request(0, 20);
    Uin member = new Uin(7123);
    var period = new Instant[] {START, START.plusSeconds(100_000)};
    var delivered = Set.of(DealStatus.DELIVERED);
    var none = Optional.<String>empty();
    var queries =
        List.of(
            new DealQuery(
                member,
                period[0],
                period[1],
                delivered,
                Optional.empty(),
                Optional.empty(),
                none,
                one),
            new DealQuery(
                member,
                period[0],
                period[1],
                delivered,
                Optional.of(new DealId("crowd-123")),
                Optional.empty(),
                none,
                one),
            new DealQuery(
                member,
                period[0],
                period[1],
                delivered,
                Optional.empty(),
                Optional.of(new BigDealId("crowd-3")),
                none,
                one),
            new DealQuery(
                member,
                period[0],
                period[1],
                delivered,
                Optional.empty(),
                Optional.empty(),
                Optional.of("crowd-ins-123"),
                one));
    for (DealQuery query : queries) {
      var question = new DealQueryStore.Question(query);
      assertThat(plan(question))
          .doesNotContain("Seq Scan on deal")
          .containsAnyOf("deal_by_owner", "deal_pkey", "deal_by_big_deal", "deal_by_target");
    }
  }

  @Test
  void a_page_of_an_owner_with_very_many_deals_does_not_sort_them() {
    var question = new DealQueryStore.Question(all(new Page.Request(0, 20)));
    cell.database()
        .execute(tx -> tx.update("update deal set owner_uin = 7999 where deal_id like 'crowd%'"));
    try {
      var query =
          new DealQuery(
              new Uin(7999),
              START,
              START.plusSeconds(1_000_000),
              Set.of(DealStatus.CLOSED),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              new Page.Request(0, 20));
      cell.database().execute(tx -> tx.update("analyze deal"));
      var crowded = new DealQueryStore.Question(query);
      assertThat(plan(crowded)).contains("Index Scan using deal_by_owner");
      assertThat(question.sql()).isEqualTo(crowded.sql());
    } finally {
      cell.database()
          .execute(tx ->
              tx.update(
                  "update deal set owner_uin = 7000 + substr(deal_id, 7)::int % 1000 where deal_id like 'crowd%'"));
    }
  }

  private String plan(DealQueryStore.Question question) {
    return cell.database()
        .read(tx ->
            String.join(
                "\n",
                tx.query(
                    "explain " + question.sql(), row -> row.text("QUERY PLAN"), question.args())));
  }
}
