package io.yunfu.billing.deal;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.NOW;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.account.SubUsers;
import io.yunfu.billing.deal.CreateDeals.Command;
import io.yunfu.billing.deal.CreateDeals.NewBigDeal;
import io.yunfu.billing.deal.CreateDeals.Together;
import io.yunfu.billing.product.Product;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class CreateDealsIT {
  private static final Desk desk = new Desk(TestDatabase.cells(2));
  private static final Product.Key CVM = desk.cvm();

  @AfterAll
  static void close() {
    desk.cells.close();
  }

  @Test
  void an_order_has_ids_of_its_cell_and_its_price_to_the_cent() {
    var account = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(1)));
    var uin = account.owner().uin();
    var created =
        desk.createDeals
            .create(ANN, Command.of(uin, deal(1_500_000, 2, "1.5", 999_999), deal(0, 1, "1", 0)))
            .orThrow();
    assertThat(created.payUntil()).isEqualTo(NOW.plus(CreateDeals.DEFAULT_UNPAID_TTL));
    assertThat(created.packageId()).isEmpty();
    var bigDeal = created.bigDeals().getFirst();
    assertThat(bigDeal.bigDealId()).matches("20260101001\\d{12}");
    // 1.5 cents × 2 × 1.5 = 4.5 cents, less a millionth: 4.4999955
    assertThat(bigDeal.deals())
        .extracting(CreateDeals.Created.PlacedDeal::payable)
        .containsExactly(4L, 0L);
    assertThat(bigDeal.deals().getFirst().currency()).isEqualTo(Currency.CNY);
    var row = rows(created.dealIds().getFirst()).getFirst();
    assertThat(row)
        .containsEntry("status", "1")
        .containsEntry("big_deal_size", "2")
        .containsEntry("total_cost_micro", "4500000")
        .containsEntry("payable", "4")
        .containsEntry("product_info", "[{\"Name\": \"cpu\", \"Value\": \"4\"}]");
    assertThat(desk.lastAudit().action()).isEqualTo("deal.create");
    assertThat(desk.lastAudit().detail()).contains(bigDeal.bigDealId());
  }

  @Test
  void several_big_deals_form_a_package_with_a_new_id_or_a_given_one() {
    var uin = desk.owner(0);
    var fresh = desk.createDeals.create(ANN, order(uin, new Together.New(), 2)).orThrow();
    assertThat(fresh.packageId()).hasSize(23);
    assertThat(fresh.dealIds())
        .allSatisfy(
            id -> assertThat(rows(id).getFirst()).containsEntry("package_id", fresh.packageId()));
    var named = desk.createDeals.create(ANN, order(uin, new Together.Of("pkg-1"), 1)).orThrow();
    assertThat(named.packageId()).isEqualTo("pkg-1");
    desk.createDeals.create(ANN, order(uin, new Together.Of("pkg-1"), 1)).orThrow();
  }

  @Test
  void a_package_of_another_or_with_closed_deals_takes_no_more() {
    var place = new OpenAccount.Place.In(new CellId(0));
    var uin = desk.open(Edition.CHINA, place).owner().uin();
    var other = desk.open(Edition.CHINA, place).owner().uin();
    var first = desk.createDeals.create(ANN, order(uin, new Together.Of("pkg-2"), 1)).orThrow();
    var closed = new DealRefused.PackageIsClosed("pkg-2");
    assertThat(refusal(desk.createDeals.create(ANN, order(other, new Together.Of("pkg-2"), 1))))
        .isEqualTo(closed);
    sql("update deal set status = 7 where deal_id = '" + first.dealIds().getFirst() + "'");
    assertThat(refusal(desk.createDeals.create(ANN, order(uin, new Together.Of("pkg-2"), 1))))
        .isEqualTo(closed);
  }

  @Test
  void imported_ids_are_kept_and_unique_over_all_cells() {
    var here = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(0))).owner().uin();
    var there = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(1))).owner().uin();
    var created = desk.createDeals.create(ANN, imported(here, "big-1", "deal-1")).orThrow();
    assertThat(created.dealIds()).containsExactly(new DealId("deal-1"));
    assertThat(created.bigDeals().getFirst().bigDealId()).isEqualTo("big-1");
    for (Uin uin : List.of(here, there)) {
      assertThat(refusal(desk.createDeals.create(ANN, imported(uin, "big-2", "deal-1"))))
          .isEqualTo(new DealRefused.DealExists(new DealId("deal-1")));
      assertThat(refusal(desk.createDeals.create(ANN, imported(uin, "big-1", "deal-2"))))
          .isEqualTo(new DealRefused.BigDealExists(new BigDealId("big-1")));
    }
  }

  @Test
  void an_imported_id_that_was_made_here_in_another_cell_is_taken() {
    var here = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(0))).owner().uin();
    var there = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(1))).owner().uin();
    var made =
        desk.createDeals.create(ANN, Command.of(here, plain())).orThrow().dealIds().getFirst();
    assertThat(refusal(desk.createDeals.create(ANN, imported(there, "big-9", made.value()))))
        .isEqualTo(new DealRefused.DealExists(made));
  }

  @Test
  void an_id_that_comes_twice_in_one_order_is_refused() {
    var uin = desk.owner(0);
    var twice =
        new Command(
            uin,
            uin,
            new Together.No(),
            List.of(
                new NewBigDeal(Optional.empty(), List.of(imported("deal-7"), imported("deal-7")))),
            Optional.empty(),
            Optional.empty());
    assertThat(refusal(desk.createDeals.create(ANN, twice)))
        .isEqualTo(new DealRefused.DealExists(new DealId("deal-7")));
  }

  @Test
  void the_same_key_places_the_order_once() {
    var uin = desk.owner(0);
    var command =
        new Command(
            uin,
            uin,
            new Together.No(),
            List.of(new NewBigDeal(Optional.empty(), List.of(plain()))),
            Optional.empty(),
            Optional.of("order-1"));
    var first = desk.createDeals.create(ANN, command);
    assertThat(desk.createDeals.create(ANN, command)).isEqualTo(first);
    var other =
        new Command(
            uin, uin, new Together.New(), command.bigDeals(), command.payUntil(), command.key());
    assertThat(refusal(desk.createDeals.create(ANN, other))).isEqualTo(new DealRefused.KeyReused());
  }

  @Test
  void only_the_owner_its_users_and_its_reseller_place_deals() {
    var place = new OpenAccount.Place.In(new CellId(0));
    var uin = desk.open(Edition.CHINA, place).owner().uin();
    var reseller = desk.open(Edition.CHINA, place).owner().uin();
    var user =
        desk.subUsers
            .add(ANN, new SubUsers.Add(uin, Optional.empty(), "Bob", List.of()))
            .orThrow()
            .uin();
    desk.createDeals.create(ANN, placedBy(uin, user)).orThrow();
    assertThat(refusal(desk.createDeals.create(ANN, placedBy(uin, reseller))))
        .isEqualTo(new DealRefused.CreatorMayNot(reseller, uin));
    sql("insert into reseller_client values (%s, %s, now())".formatted(uin, reseller));
    desk.createDeals.create(ANN, placedBy(uin, reseller)).orThrow();
  }

  @Test
  void a_line_that_cannot_be_sold_refuses_the_whole_order() {
    var uin = desk.owner(0);
    var unknown = NewDeal.purchase(new Product.Key("p_none", "sp_none"), 1, 1);
    assertThat(refusal(desk.createDeals.create(ANN, Command.of(uin, plain(), unknown))))
        .isEqualTo(new DealRefused.NoSuchProduct(1, unknown.product()));
    assertThat(refusal(desk.createDeals.create(ANN, Command.of(uin, deal(1, 1, "0.5", 1_000_000)))))
        .isEqualTo(new DealRefused.PriceNotExact(0));
    assertThat(
            refusal(
                desk.createDeals.create(
                    ANN, Command.of(uin, deal(Long.MAX_VALUE, 2, "1", 1_000_000)))))
        .isEqualTo(new DealRefused.PriceNotExact(0));
    assertThat(rows(uin)).isEmpty();
  }

  @Test
  void a_renewal_names_resources_of_the_owner_and_a_purchase_names_none() {
    var place = new OpenAccount.Place.In(new CellId(0));
    var uin = desk.open(Edition.CHINA, place).owner().uin();
    var other = desk.open(Edition.CHINA, place).owner().uin();
    var deal = desk.createDeals.create(ANN, Command.of(other, plain())).orThrow().dealIds();
    sql(
        """
        insert into resource values ('ins-taken', %s, 'p_cvm', 'sp_cvm_s5', '%s', %s, 0, 'active', now(), '')
        """
            .formatted(other, deal.getFirst(), other));
    assertThat(
            refusal(
                desk.createDeals.create(ANN, Command.of(uin, plain().about("renew", List.of())))))
        .isInstanceOf(DealRefused.TargetsDoNotFit.class);
    assertThat(
            refusal(
                desk.createDeals.create(
                    ANN, Command.of(uin, plain().about("renew", List.of("ins-taken"))))))
        .isInstanceOf(DealRefused.TargetsDoNotFit.class);
    assertThat(
            refusal(
                desk.createDeals.create(
                    ANN, Command.of(uin, plain().about("purchase", List.of("ins-1"))))))
        .isInstanceOf(DealRefused.TargetsDoNotFit.class);
    desk.createDeals
        .create(ANN, Command.of(uin, plain().about("renew", List.of("ins-made-elsewhere"))))
        .orThrow();
    desk.createDeals
        .create(ANN, Command.of(other, plain().about("downgrade", List.of("ins-taken"))))
        .orThrow();
  }

  @Test
  void a_deadline_is_in_the_future_and_an_owner_exists() {
    var uin = desk.owner(0);
    var late =
        new Command(
            uin,
            uin,
            new Together.No(),
            List.of(new NewBigDeal(Optional.empty(), List.of(plain()))),
            Optional.of(NOW),
            Optional.empty());
    assertThat(refusal(desk.createDeals.create(ANN, late)))
        .isEqualTo(new DealRefused.PayUntilIsPast());
    var nobody = new Uin(9);
    assertThat(refusal(desk.createDeals.create(ANN, Command.of(nobody, plain()))))
        .isEqualTo(new DealRefused.NoSuchAccount(nobody));
  }

  @Test
  void an_order_is_bounded() {
    var uin = new Uin(1);
    assertThatThrownBy(() -> Command.of(uin)).isInstanceOf(IllegalArgumentException.class);
    var many = Stream.generate(CreateDealsIT::plain).limit(101).toArray(NewDeal[]::new);
    assertThatThrownBy(() -> Command.of(uin, many)).isInstanceOf(IllegalArgumentException.class);
  }

  private static NewDeal plain() {
    return NewDeal.purchase(CVM, 1_000_000, 1);
  }

  private static NewDeal deal(long unitMicro, int quantity, String timeSpan, int policyPpm) {
    return new NewDeal(
        Optional.empty(),
        CVM,
        "purchase",
        "prePay",
        unitMicro,
        quantity,
        new BigDecimal(timeSpan),
        "m",
        policyPpm,
        true,
        0,
        List.of(new NewDeal.Pair("cpu", "4")),
        "",
        "",
        "ap-guangzhou-1",
        List.of());
  }

  private static NewDeal imported(String id) {
    var deal = plain();
    return new NewDeal(
        Optional.of(new DealId(id)),
        deal.product(),
        deal.action(),
        deal.payMode(),
        deal.unitMicro(),
        deal.quantity(),
        deal.timeSpan(),
        deal.timeUnit(),
        deal.policyPpm(),
        true,
        0,
        List.of(),
        "",
        "",
        "",
        List.of());
  }

  private static Command imported(Uin uin, String bigDeal, String deal) {
    return new Command(
        uin,
        uin,
        new Together.No(),
        List.of(new NewBigDeal(Optional.of(new BigDealId(bigDeal)), List.of(imported(deal)))),
        Optional.empty(),
        Optional.empty());
  }

  private static Command order(Uin uin, Together together, int bigDeals) {
    return new Command(
        uin,
        uin,
        together,
        Stream.generate(() -> new NewBigDeal(Optional.empty(), List.of(plain())))
            .limit(bigDeals)
            .toList(),
        Optional.empty(),
        Optional.empty());
  }

  private static Command placedBy(Uin owner, Uin creator) {
    return new Command(
        owner,
        creator,
        new Together.No(),
        List.of(new NewBigDeal(Optional.empty(), List.of(plain()))),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Map<String, String>> rows(DealId id) {
    return select("deal_id = '" + id + "'");
  }

  private static List<Map<String, String>> rows(Uin owner) {
    return select("owner_uin = " + owner);
  }

  private static List<Map<String, String>> select(String where) {
    return desk.cells.all().stream()
        .flatMap(cell ->
            cell
                .database()
                .read(tx ->
                    tx.query(
                        "select * from deal where " + where,
                        row ->
                            Map.of(
                                "status", row.text("status"),
                                "big_deal_size", row.text("big_deal_size"),
                                "total_cost_micro", row.text("total_cost_micro"),
                                "payable", row.text("payable"),
                                "package_id", String.valueOf(row.textOrNull("package_id")),
                                "product_info", row.text("product_info"))))
                .stream())
        .toList();
  }

  private static void sql(String statement) {
    desk.cells.get(new CellId(0)).database().execute(tx -> tx.update(statement));
  }
}
