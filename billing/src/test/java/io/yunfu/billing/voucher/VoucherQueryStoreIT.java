package io.yunfu.billing.voucher;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.account.Caller;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VoucherQueryStoreIT {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 15);
  private static final int COUNT = 300;

  private static final String INSERT =
      """
      insert into voucher (voucher_id, owner_uin, status, currency, nominal_micro, balance_micro, pay_mode, pay_scenes,
                           applicable_products, excluded_products, begin_date, end_date, main_type, sub_type, name, code_id,
                           activity_id, created_at)
      values (?, ?, ?, 'CNY', 1000000000, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private final Cells cells = TestDatabase.cells();
  private final Cell cell = cells.all().getLast();
  private final FindVouchers find = new FindVouchers(cells);
  private final FindVoucherUsage usage = new FindVoucherUsage(cells);
  private final Given given = new Given(cell, START);
  private final Caller owner = given.owner(0);
  private final List<Kept> kept = new ArrayList<>();

  /// A voucher as this test knows it.
  private record Kept(
      String id,
      VoucherStatus stored,
      long balance,
      String payMode,
      List<String> scenes,
      List<String> applicable,
      List<String> excluded,
      LocalDate begins,
      LocalDate ends,
      String mainType,
      String subType,
      String name,
      Instant createdAt) {

    VoucherStatus status(LocalDate today) {
      boolean open = stored == VoucherStatus.UNUSED || stored == VoucherStatus.DELIVERED;
      return open && ends.isBefore(today) ? VoucherStatus.OVERDUE : stored;
    }
  }

  @BeforeAll
  void insert() {
    var random = RandomGenerator.of("L64X128MixRandom");
    given.product("p_cvm", "ins");
    cell.database()
        .execute(tx -> {
          for (int i = 0; i < COUNT; i++) {
            Kept one = any(random, i);
            kept.add(one);
            tx.update(
                INSERT,
                one.id,
                owner.owner().value(),
                one.stored.code(),
                one.balance,
                one.payMode,
                one.scenes.toArray(String[]::new),
                one.applicable.toArray(String[]::new),
                one.excluded.toArray(String[]::new),
                one.begins,
                one.ends,
                one.mainType,
                one.subType,
                one.name,
                "code-" + i % 7,
                "activity-" + i % 5,
                one.createdAt);
          }
        });
  }

  private static Kept any(RandomGenerator random, int number) {
    VoucherStatus status = pick(random, VoucherStatus.values());
    LocalDate begins = TODAY.plusDays(random.nextInt(-20, 20));
    return new Kept(
        "v-" + number,
        status,
        status == VoucherStatus.USED ? 0 : random.nextLong(1_000_000_000),
        pick(random, "", "*", "prePay", "postPay", "riPay"),
        List.of(pick(random, "*", "purchase", "renew", "modify")),
        List.of(pick(random, "*", "p_cvm", "p_cbs", "p_cvm/sp_cvm", "p_cvmx")),
        random.nextInt(3) == 0 ? List.of(pick(random, "p_cvm", "p_cbs", "p_x")) : List.of(),
        begins,
        begins.plusDays(random.nextInt(30)),
        pick(random, "has_price", "no_price"),
        pick(random, "discount", "deduct"),
        pick(random, "spring", "summer"),
        START.plusSeconds(random.nextInt(100)));
  }

  @SafeVarargs
  private static <T> T pick(RandomGenerator random, T... values) {
    return values[random.nextInt(values.length)];
  }

  @AfterAll
  void close() {
    cells.close();
  }

  @Test
  void every_query_finds_what_looking_at_all_vouchers_one_by_one_finds() {
    forAll(
        150,
        this::query,
        query -> {
          var expected =
              kept.stream()
                  .filter(one -> matches(one, query))
                  .sorted(order(query.order()))
                  .toList();
          var found = find.find(cell.id(), query);
          assertThat(found.total()).isEqualTo(expected.size());
          assertThat(found.totalBalanceMicro())
              .isEqualByComparingTo(
                  BigDecimal.valueOf(expected.stream().mapToLong(Kept::balance).sum()));
          assertThat(found.vouchers().stream().map(voucher -> voucher.id().value()))
              .containsExactlyElementsOf(
                  expected.stream()
                      .skip(query.page().offset())
                      .limit(query.page().limit())
                      .map(Kept::id)
                      .toList());
          assertThat(found.vouchers().stream().map(ListedVoucher::status))
              .containsExactlyElementsOf(
                  expected.stream()
                      .skip(query.page().offset())
                      .limit(query.page().limit())
                      .map(one -> one.status(TODAY))
                      .toList());
        });
  }

  private VoucherQuery query(RandomGenerator random) {
    return new VoucherQuery(
        owner.owner(),
        maybe(random, pick(random, VoucherStatus.values())),
        Optional.empty(),
        maybe(random, "code-" + random.nextInt(8)),
        maybe(random, pick(random, "p_cvm", "p_cbs", "p_none")),
        maybe(random, "activity-" + random.nextInt(6)),
        maybe(random, "spring"),
        maybe(random, pick(random, "prePay", "postPay")),
        maybe(random, pick(random, "purchase", "renew")),
        maybe(random, "has_price"),
        maybe(random, "deduct"),
        new VoucherQuery.Range<>(
            maybe(random, START.plusSeconds(random.nextInt(100))),
            maybe(random, START.plusSeconds(random.nextInt(100)))),
        new VoucherQuery.Range<>(
            maybe(random, TODAY.plusDays(random.nextInt(-20, 20))),
            maybe(random, TODAY.plusDays(random.nextInt(-20, 20)))),
        new VoucherQuery.Range<>(
            maybe(random, TODAY.plusDays(random.nextInt(-20, 20))),
            maybe(random, TODAY.plusDays(random.nextInt(-20, 40)))),
        new VoucherQuery.Order(pick(random, VoucherQuery.Field.values()), random.nextBoolean()),
        TODAY,
        new Page.Request(random.nextInt(3) * 5L, 1 + random.nextInt(40)));
  }

  private static <T> Optional<T> maybe(RandomGenerator random, T value) {
    return random.nextInt(6) == 0 ? Optional.of(value) : Optional.empty();
  }

  private boolean matches(Kept one, VoucherQuery query) {
    int number = Integer.parseInt(one.id.substring(2));
    return query.status().map(status -> one.status(TODAY) == status).orElse(true)
        && query.codeId().map(("code-" + number % 7)::equals).orElse(true)
        && query.activityId().map(("activity-" + number % 5)::equals).orElse(true)
        && query.name().map(one.name::equals).orElse(true)
        && query.mainType().map(one.mainType::equals).orElse(true)
        && query.subType().map(one.subType::equals).orElse(true)
        && query.payMode().map(mode -> List.of(mode, "", "*").contains(one.payMode)).orElse(true)
        && query.payScene().map(scene -> hasAny(one.scenes, scene, "*")).orElse(true)
        && query.product().map(product -> covers(one, product)).orElse(true)
        && in(query.issued(), one.createdAt)
        && in(query.begins(), one.begins)
        && in(query.ends(), one.ends);
  }

  private static boolean covers(Kept one, String product) {
    return (hasAny(one.applicable, product, "*")
            || one.applicable.stream().anyMatch(code -> code.startsWith(product + "/")))
        && !hasAny(one.excluded, product, "*");
  }

  private static boolean hasAny(List<String> list, String one, String other) {
    return list.contains(one) || list.contains(other);
  }

  private static <T extends Comparable<? super T>> boolean in(
      VoucherQuery.Range<T> range, T value) {
    return range.from().map(from -> value.compareTo(from) >= 0).orElse(true)
        && range.until().map(until -> value.compareTo(until) < 0).orElse(true);
  }

  private static Comparator<Kept> order(VoucherQuery.Order order) {
    Comparator<Kept> ascending =
        switch (order.field()) {
          case BEGIN -> Comparator.comparing(Kept::begins);
          case END -> Comparator.comparing(Kept::ends);
          case ISSUED -> Comparator.comparing(Kept::createdAt);
        };
    ascending = ascending.thenComparing(Kept::id);
    return order.descending() ? ascending.reversed() : ascending;
  }

  @Test
  void sums_beyond_64_bits_are_exact() {
    var rich = given.owner(0);
    cell.database()
        .execute(tx -> {
          for (int i = 0; i < 3; i++) {
            tx.update(
                """
                insert into voucher (voucher_id, owner_uin, status, currency, nominal_micro, balance_micro, pay_mode,
                                     pay_scenes, applicable_products, begin_date, end_date, main_type, sub_type,
                                     created_at)
                values (?, ?, 'unUsed', 'CNY', ?, ?, '*', '{*}', '{*}', ?, ?, 'has_price', 'deduct', ?)
                """,
                "rich-" + i,
                rich.owner().value(),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                TODAY,
                TODAY,
                START);
          }
        });
    assertThat(find.find(cell.id(), everything(rich.owner())).totalBalanceMicro())
        .isEqualByComparingTo(new BigDecimal("27670116110564327421"));
  }

  @Test
  void another_owners_vouchers_and_their_use_are_not_there() {
    var stranger = given.owner(0);
    assertThat(find.find(cell.id(), everything(stranger.owner())).total()).isZero();
    assertThat(
            usage
                .find(stranger, Optional.of(new VoucherId("v-1")), new Page.Request(0, 10))
                .total())
        .isZero();
  }

  private static VoucherQuery everything(Uin owner) {
    return new VoucherQuery(
        owner,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        VoucherQuery.Range.all(),
        VoucherQuery.Range.all(),
        VoucherQuery.Range.all(),
        new VoucherQuery.Order(VoucherQuery.Field.ISSUED, true),
        TODAY,
        new Page.Request(0, 10));
  }

  @Test
  void the_use_of_vouchers_is_listed_newest_first_with_the_sum_of_all() {
    var user = given.owner(0);
    String voucher = given.voucher(user, 500);
    String other = given.voucher(user, 500);
    List<String> deals = given.bigDeal(user, 100, 100, 100);
    cell.database()
        .execute(tx -> {
          for (int i = 0; i < 3; i++) {
            tx.update(
                "insert into voucher_usage values (?, ?, ?, ?, ?)",
                i == 1 ? other : voucher,
                deals.get(i),
                user.owner().value(),
                1_000_000L * (i + 1),
                START.plusSeconds(i));
          }
        });
    var page = usage.find(user, Optional.empty(), new Page.Request(0, 2));
    assertThat(page.usages().stream().map(record -> record.deal().value()))
        .containsExactly(deals.get(2), deals.get(1));
    assertThat(page.total()).isEqualTo(3);
    assertThat(page.totalMicro()).isEqualByComparingTo("6000000");
    var ofOne = usage.find(user, Optional.of(new VoucherId(voucher)), new Page.Request(0, 10));
    assertThat(ofOne.usages().stream().map(record -> record.deal().value()))
        .containsExactly(deals.get(2), deals.get(0));
    assertThat(ofOne.totalMicro()).isEqualByComparingTo("4000000");
    assertThat(usage.find(user, Optional.empty(), new Page.Request(4, 2)).usages()).isEmpty();
  }
}
