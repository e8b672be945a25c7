package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.CreateDeals.Created;
import io.yunfu.billing.deal.CreateDeals.NewBigDeal;
import io.yunfu.billing.deal.CreateDeals.Together;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealRefused;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.deal.NewDeal;
import io.yunfu.billing.deal.PlacedDeal;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Orders: big deals with their deals, packages, prices and deadlines.
final class DealsArea implements Area {
  /// More resources than one deal makes anywhere; each becomes a row.
  private static final int MOST_QUANTITY = 10_000;

  private static final ErrorCode CREATOR_MAY_NOT =
      ErrorCode.of(
          422,
          "CreatorMayNot",
          "{0} is neither {1}, nor one of its sub-users, nor its reseller.",
          "{0} 既不是账号 {1} 本身,也不是其子用户或代理商。");
  private static final ErrorCode UNKNOWN_PRODUCT =
      ErrorCode.of(422, "UnknownProduct", "There is no product {0}.", "产品 {0} 不存在。");
  private static final ErrorCode PRICE_NOT_EXACT =
      ErrorCode.of(
          422,
          "PriceNotExact",
          "Unit price × quantity × time span of deal {0} is no whole number of micro, or too large.",
          "第 {0} 个子订单的单价 × 数量 × 时长不是 micro 的整数倍,或数值过大。");
  private static final ErrorCode TARGETS_DO_NOT_FIT =
      ErrorCode.of(
          422,
          "TargetsDoNotFit",
          "The targets of deal {0} do not fit: {1}.",
          "第 {0} 个子订单的目标资源不符:{1}。");
  private static final ErrorCode PAY_UNTIL_IS_PAST =
      ErrorCode.of(422, "PayUntilIsPast", "payUntil is past already.", "payUntil 已过期。");
  private static final ErrorCode DEAL_EXISTS =
      ErrorCode.of(409, "DealExists", "The deal {0} exists already.", "订单 {0} 已存在。");
  private static final ErrorCode BIG_DEAL_EXISTS =
      ErrorCode.of(409, "BigDealExists", "The big deal {0} exists already.", "大订单 {0} 已存在。");
  private static final ErrorCode PACKAGE_IS_CLOSED =
      ErrorCode.of(
          409,
          "PackageIsClosed",
          "The package {0} is another account's, or part of it is no longer unpaid.",
          "套餐 {0} 属于其他账号,或其中部分订单已不是未支付状态。");
  static final ErrorCode NO_SUCH_DEAL =
      ErrorCode.of(404, "NoSuchDeal", "There is no deal {0}.", "订单 {0} 不存在。");
  static final ErrorCode NO_SUCH_BIG_DEAL =
      ErrorCode.of(404, "NoSuchBigDeal", "There is no big deal {0}.", "大订单 {0} 不存在。");
  static final ErrorCode NOT_UNPAID =
      ErrorCode.of(409, "NotUnpaid", "The deal {0} is {1}.", "订单 {0} 处于状态 {1}。");

  static final Scalar<DealId> DEAL_ID = Types.ID.as(DealId::new, DealId::value);
  static final Scalar<BigDealId> BIG_DEAL_ID = Types.ID.as(BigDealId::new, BigDealId::value);
  static final Scalar<String> PRODUCT_CODE =
      Types.matching(Product.CODE, "1 to 64 letters, digits, - or _", "1 到 64 个字母、数字、- 或 _");
  static final Scalar<DealStatus> STATUS =
      Types.choice(Arrays.asList(DealStatus.values()), DealsArea::statusName);

  private static final Scalar<String> ACTION = Types.choice(NewDeal.ACTIONS);
  private static final Scalar<String> PAY_MODE = Types.choice(NewDeal.PAY_MODES);
  private static final Scalar<String> TIME_UNIT = Types.choice(NewDeal.TIME_UNITS);
  private static final Scalar<BigDecimal> TIME_SPAN =
      Types.decimal(NewDeal.MOST_TIME, NewDeal.TIME_DECIMALS);
  private static final Scalar<Integer> POLICY_PPM = Types.int32(0, NewDeal.NO_DISCOUNT);
  private static final Scalar<Long> PROJECT = Types.integer(0, Long.MAX_VALUE);
  private static final Scalar<String> WORDS = Types.text(1000);
  private static final ListOf<String> RESOURCES = ListOf.of(Types.text(1, 128), 0, MOST_QUANTITY);

  private static final String ABOUT_PPM =
      "Parts per million of the list price that are due; 1000000 is no discount.";
  private static final String ABOUT_TARGETS = "The resources that a renewal or a change is about.";

  // A deal as it is ordered.
  private static final Field.May<DealId> NEW_DEAL_ID =
      may("id", DEAL_ID, "Given when it is imported; made here otherwise.");
  private static final Field.Must<String> PRODUCT =
      must("product", PRODUCT_CODE, "The product's code, `p_…` on the wire.");
  private static final Field.Must<String> SUB_PRODUCT =
      must("subProduct", PRODUCT_CODE, "The sub-product's code, `sp_…` on the wire.");
  private static final Field.Must<String> ACTION_FIELD =
      must("action", ACTION, "The wire's `Action`.").or("purchase");
  private static final Field.Must<String> PAY_MODE_FIELD =
      must("payMode", PAY_MODE, "The wire's `PayMode`. PayDeals only pays `prePay`.")
          .or(Deal.PREPAID);
  private static final Field.May<Long> UNIT_PRICE =
      may(
          "unitPrice",
          Types.integer(0, Long.MAX_VALUE / Voucher.MICRO_PER_CENT),
          "The price of one for one unit of time, in the smallest unit of the currency. Either this"
              + " or unitPriceMicro.");
  private static final Field.May<Long> UNIT_PRICE_MICRO =
      may(
          "unitPriceMicro",
          Types.integer(0, Long.MAX_VALUE),
          "The same in millionths of the smallest unit, for prices that are finer.");
  private static final Field.Must<Integer> QUANTITY =
      must("quantity", Types.int32(1, MOST_QUANTITY), "How many.").or(1);
  private static final Field.Must<BigDecimal> TIME =
      must("timeSpan", TIME_SPAN, "For how many units of time; up to four decimals.")
          .or(BigDecimal.ONE);
  private static final Field.Must<String> TIME_UNIT_FIELD =
      must("timeUnit", TIME_UNIT, "`m` month, `y` year, `d` day, `p` one-off.").or("m");
  private static final Field.Must<Integer> PPM =
      must("policyPpm", POLICY_PPM, ABOUT_PPM).or(NewDeal.NO_DISCOUNT);
  private static final Field.Must<Boolean> VOUCHERS_ALLOWED =
      must("vouchersAllowed", Types.FLAG, "False in promotions that forbid vouchers.").or(true);
  private static final Field.Must<Long> PROJECT_ID =
      must("projectId", PROJECT, "The wire's `ProjectId`.").or(0L);
  private static final Field.Must<String> PAIR_NAME = must("name", Types.text(1, 100), "What.");
  private static final Field.Must<String> PAIR_VALUE = must("value", Types.text(1000), "Which.");
  private static final Field.May<List<NewDeal.Pair>> INFO =
      may(
          "info",
          ListOf.of(
              new Structure<>(
                  "NewTrait",
                  "A descriptive pair.",
                  List.of(PAIR_NAME, PAIR_VALUE),
                  given -> new NewDeal.Pair(given.get(PAIR_NAME), given.get(PAIR_VALUE))),
              0,
              100),
          "What describes it, the wire's `ProductInfo`.");
  private static final Field.Must<String> FORMULA =
      must("formula", WORDS, "How the price came about, the wire's `Formula`.").or("");
  private static final Field.Must<String> REF_RETURN_DEALS =
      must("refReturnDeals", WORDS, "The wire's `RefReturnDeals`.").or("");
  private static final Field.Must<String> ZONE =
      must("zone", Types.text(64), "Where it will be, the wire's `ZoneCode`.").or("");
  private static final Field.Must<List<String>> TARGETS =
      must("targets", RESOURCES, ABOUT_TARGETS).or(List.of());

  private static final Text ONE_PRICE =
      new Text(
          "is missing: either it or unitPriceMicro is needed, and not both",
          "有误:unitPrice 与 unitPriceMicro 必须且只能给出一个");

  private static final Structure<NewDeal> NEW_DEAL =
      new Structure<>(
          "NewDeal",
          "One product line of a purchase.",
          List.of(
              PRODUCT,
              SUB_PRODUCT,
              UNIT_PRICE,
              UNIT_PRICE_MICRO,
              QUANTITY,
              TIME,
              TIME_UNIT_FIELD,
              PPM,
              ACTION_FIELD,
              PAY_MODE_FIELD,
              VOUCHERS_ALLOWED,
              INFO,
              TARGETS,
              ZONE,
              PROJECT_ID,
              FORMULA,
              REF_RETURN_DEALS,
              NEW_DEAL_ID),
          DealsArea::newDeal);

  private static final Field.May<BigDealId> NEW_BIG_DEAL_ID =
      may("id", BIG_DEAL_ID, "Given when it is imported; made here otherwise.");
  private static final Field.Must<List<NewDeal>> DEALS =
      must("deals", ListOf.of(NEW_DEAL, 1, CreateDeals.MOST_DEALS), "Its lines.");
  private static final Field.Must<List<NewBigDeal>> BIG_DEALS =
      must(
          "bigDeals",
          ListOf.of(
              new Structure<>(
                  "NewBigDeal",
                  "One purchase. Its deals are paid together.",
                  List.of(DEALS, NEW_BIG_DEAL_ID),
                  given -> new NewBigDeal(given.get(NEW_BIG_DEAL_ID), given.get(DEALS))),
              1,
              CreateDeals.MOST_DEALS),
          "The purchases, with at most 100 deals in all.");

  private static final Field.May<Uin> CREATOR =
      may(
          "creator",
          Types.UIN,
          "Who places the order: a sub-user of the account or its reseller; without it, the account.");
  private static final Field.Must<Boolean> AS_PACKAGE =
      must(
              "asPackage",
              Types.FLAG,
              "Whether the purchases are sold only together, as a new package.")
          .or(false);
  private static final Field.May<String> PACKAGE =
      may(
          "packageId",
          Types.ID,
          "A package, which may have purchases already, that these belong to.");
  private static final Field.May<Instant> PAY_UNTIL =
      may(
          "payUntil",
          Types.INSTANT,
          "The first instant at which it can no longer be paid. Without it, the server's default"
              + " (`deal.unpaid-ttl`) counts from now.");

  // What was placed.
  private static final Form<Created.PlacedDeal> NEW_PLACED =
      Form.<Created.PlacedDeal>of("CreatedDeal", "A deal that was placed.")
          .with("dealId", Types.ID, "Its id.", Created.PlacedDeal::dealId)
          .with("payable", Amounts.CENTS, "What is due.", Created.PlacedDeal::payable)
          .with("currency", Types.CURRENCY, "Of what is due.", Created.PlacedDeal::currency);
  private static final Form<Created.Placed> NEW_BIG =
      Form.<Created.Placed>of("CreatedBigDeal", "A purchase that was placed.")
          .with("bigDealId", Types.ID, "Its id.", Created.Placed::bigDealId)
          .with(
              "deals", Form.list(NEW_PLACED), "In the order they came in.", Created.Placed::deals);
  private static final Form<Created> CREATED =
      Form.<Created>of("CreatedDeals", "What was placed.")
          .maybe(
              "packageId",
              Types.ID,
              "The package that they form.",
              created -> present(created.packageId()))
          .with(
              "payUntil",
              Types.INSTANT,
              "From then on it can no longer be paid.",
              Created::payUntil)
          .with("bigDeals", Form.list(NEW_BIG), "In the order they came in.", Created::bigDeals);

  private static final Form<NewDeal.Pair> PAIR =
      Form.<NewDeal.Pair>of("Trait", "A descriptive pair.")
          .with("name", WORDS, "What.", NewDeal.Pair::name)
          .with("value", WORDS, "Which.", NewDeal.Pair::value);

  private static final Form<PlacedDeal.Payment> PAYMENT =
      Form.<PlacedDeal.Payment>of("DealPayment", "How a deal was paid, in the deal's currency.")
          .with("payer", Types.UIN, "Who paid.", PlacedDeal.Payment::payer)
          .with(
              "agentPay",
              Types.int32(0, 4),
              "The wire's `AgentPay`: 0 itself, 1 and 4 its reseller, 3 its group payer.",
              PlacedDeal.Payment::agentPay)
          .with(
              "fromBalance",
              Amounts.CENTS,
              "Paid from the balance.",
              PlacedDeal.Payment::realTotalCost)
          .with(
              "fromVoucher",
              Amounts.CENTS,
              "Paid from the voucher.",
              PlacedDeal.Payment::voucherDecline)
          .maybe("voucher", Types.ID, "The voucher.", payment -> present(payment.voucher()))
          .maybe("cpsUin", WORDS, "The wire's `CpsUin`.", payment -> present(payment.cpsUin()))
          .with("posting", Types.ROW_ID, "The movement in the books.", PlacedDeal.Payment::posting)
          .with("paidAt", Types.INSTANT, "When.", PlacedDeal.Payment::paidAt);

  static final Form<PlacedDeal> PLACED =
      Form.<PlacedDeal>of("Deal", "A deal: what was ordered, and what has become of it.")
          .with("id", DEAL_ID, "Its id, the wire's `OrderId`.", PlacedDeal::id)
          .with("bigDealId", BIG_DEAL_ID, "The purchase that it is part of.", PlacedDeal::bigDeal)
          .with(
              "bigDealSize",
              Types.int32(1, CreateDeals.MOST_DEALS),
              "How many deals the purchase has.",
              PlacedDeal::bigDealSize)
          .maybe(
              "packageId",
              Types.ID,
              "The package that the purchase is part of.",
              deal -> present(deal.packageId()))
          .with("owner", Types.UIN, "Whose it is.", PlacedDeal::owner)
          .with("creator", Types.UIN, "Who placed it.", PlacedDeal::creator)
          .with("status", STATUS, "Where it stands.", PlacedDeal::status)
          .with(
              "statusCode",
              Types.int32(1, 99),
              "The wire's number of the status.",
              deal -> deal.status().code())
          .with("statusAt", Types.INSTANT, "Since when.", PlacedDeal::statusAt)
          .with("product", PRODUCT_CODE, PRODUCT.about(), deal -> deal.product().code())
          .with("subProduct", PRODUCT_CODE, SUB_PRODUCT.about(), deal -> deal.product().subCode())
          .with("action", ACTION, ACTION_FIELD.about(), PlacedDeal::action)
          .with("payMode", PAY_MODE, "The wire's `PayMode`.", PlacedDeal::payMode)
          .with(
              "currency", Types.CURRENCY, "Of all amounts here.", deal -> deal.payable().currency())
          .with("payable", Amounts.CENTS, "What is due.", deal -> deal.payable().cents())
          .with(
              "unitPriceMicro",
              Amounts.CENTS,
              "The price of one for one unit of time.",
              deal -> deal.price().unitMicro())
          .with(
              "quantity",
              Types.int32(1, Integer.MAX_VALUE),
              "How many.",
              deal -> deal.price().quantity())
          .with(
              "timeSpan", TIME_SPAN, "For how many units of time.", deal -> deal.price().timeSpan())
          .with("timeUnit", TIME_UNIT, TIME_UNIT_FIELD.about(), PlacedDeal::timeUnit)
          .with(
              "listPriceMicro",
              Amounts.CENTS,
              "Unit price × quantity × time span.",
              deal -> deal.price().listMicro())
          .with("policyPpm", POLICY_PPM, ABOUT_PPM, deal -> deal.price().policyPpm())
          .with(
              "vouchersAllowed", Types.FLAG, VOUCHERS_ALLOWED.about(), PlacedDeal::vouchersAllowed)
          .with("projectId", PROJECT, PROJECT_ID.about(), PlacedDeal::projectId)
          .with("info", Form.list(PAIR), INFO.about(), PlacedDeal::info)
          .with("formula", WORDS, FORMULA.about(), PlacedDeal::formula)
          .with("refReturnDeals", WORDS, REF_RETURN_DEALS.about(), PlacedDeal::refReturnDeals)
          .with("zone", Types.text(64), ZONE.about(), PlacedDeal::zoneCode)
          .with("targets", RESOURCES, ABOUT_TARGETS, PlacedDeal::targets)
          .with("resources", RESOURCES, "The resources that it made.", PlacedDeal::resources)
          .with("createdAt", Types.INSTANT, "When it was placed.", PlacedDeal::createdAt)
          .with(
              "payUntil",
              Types.INSTANT,
              "From then on it can no longer be paid.",
              PlacedDeal::payUntil)
          .maybe("payment", PAYMENT, "How it was paid, once it is.", PlacedDeal::payment);

  private static final Field.Must<DealId> ID = must("deal", DEAL_ID, "The id of the deal.");
  private static final Field.May<Uin> OWNER_IS =
      may("owner", Types.UIN, "Only those of this account.");
  private static final Field.Must<List<DealStatus>> STATUS_IS =
      must(
              "status",
              ListOf.of(STATUS, 0, DealStatus.values().length),
              "Only those that stand so; may be given several times.")
          .or(List.of());
  private static final Field.May<BigDealId> BIG_DEAL_IS =
      may("bigDeal", BIG_DEAL_ID, "Only those of this purchase.");
  private static final Field.May<String> PACKAGE_IS =
      may("packageId", Types.ID, "Only those of this package.");
  private static final Field.May<String> PRODUCT_IS =
      may("product", PRODUCT_CODE, "Only those of this product.");
  private static final Field.May<String> RESOURCE_IS =
      may("resource", Types.text(1, 128), "Only those that made this resource, or are about it.");
  private static final Field.Must<Instant> FROM =
      must("from", Types.INSTANT, "Only those that were placed at this instant or later.")
          .or(Deals.Filter.ALL.from());
  private static final Field.Must<Instant> UNTIL =
      must("until", Types.INSTANT, "Only those that were placed before this instant.")
          .or(Deals.Filter.ALL.until());

  private static final Cursor<Deals.Position> CURSOR =
      Cursor.timeAnd(Deals.Position::createdAt, Deals.Position::id, Deals.Position::new);

  private final CreateDeals createDeals;
  private final Deals deals;

  DealsArea(CreateDeals createDeals, Deals deals) {
    this.createDeals = createDeals;
    this.deals = deals;
  }

  @Override
  public String name() {
    return "deals";
  }

  @Override
  public String about() {
    return "Orders of accounts, line by line.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post(
                "deals.create", "/accounts/{uin}/deals", "Places an order, all or none of it.")
            .about(
                "An order is one or several purchases (big deals), each of one or several deals that are paid together."
                    + " With asPackage, the purchases are sold only together.")
            .path(UIN)
            .body(BIG_DEALS, CREATOR, AS_PACKAGE, PACKAGE, PAY_UNTIL)
            .example(
                """
                {"bigDeals": [{"deals": [
                  {"product": "p_cvm", "subProduct": "sp_cvm_s5", "unitPrice": 9900, "quantity": 2, "timeSpan": 3,
                   "timeUnit": "m", "info": [{"name": "spec", "value": "2C4G"}], "zone": "ap-guangzhou-1"},
                  {"product": "p_cbs", "subProduct": "sp_cbs_premium", "unitPrice": 700, "policyPpm": 850000}]}],
                 "payUntil": "2099-12-31T16:00:00Z"}\
                """)
            .repeatable()
            .refuses(
                NO_SUCH_ACCOUNT,
                CREATOR_MAY_NOT,
                UNKNOWN_PRODUCT,
                PRICE_NOT_EXACT,
                TARGETS_DO_NOT_FIT,
                PAY_UNTIL_IS_PAST,
                DEAL_EXISTS,
                BIG_DEAL_EXISTS,
                PACKAGE_IS_CLOSED)
            .creates(CREATED)
            .by(this::create),
        Operation.get("deals.list", "/deals", "Lists deals, newest first.")
            .query(
                OWNER_IS, STATUS_IS, BIG_DEAL_IS, PACKAGE_IS, PRODUCT_IS, RESOURCE_IS, FROM, UNTIL)
            .pages(
                PLACED,
                CURSOR,
                Deals.Position::of,
                "id",
                "bigDealId",
                "owner",
                "status",
                "product",
                "action",
                "quantity",
                "payable",
                "currency",
                "resources",
                "createdAt")
            .by((call, part) -> deals.list(filter(call), part.after(), part.limit())),
        Operation.get("deals.get", "/deals/{deal}", "Shows a deal.")
            .path(ID)
            .refuses(NO_SUCH_DEAL)
            .answers(PLACED)
            .by(call -> Answers.found(deals.find(call.get(ID)), NO_SUCH_DEAL, call.get(ID))));
  }

  private Created create(Call call) {
    List<NewBigDeal> bigDeals = call.get(BIG_DEALS);
    if (bigDeals.stream().mapToInt(each -> each.deals().size()).sum() > CreateDeals.MOST_DEALS) {
      throw call.wrong(BIG_DEALS, "must have at most 100 deals in all", "合计最多 100 个子订单");
    }
    if (call.get(AS_PACKAGE) && call.has(PACKAGE)) {
      throw call.wrong(PACKAGE, "cannot be given together with asPackage", "不能与 asPackage 同时给出");
    }
    Together together =
        call.get(PACKAGE)
            .<Together>map(Together.Of::new)
            .orElseGet(() -> call.get(AS_PACKAGE) ? new Together.New() : new Together.No());
    Uin owner = call.get(UIN);
    var command =
        new CreateDeals.Command(
            owner,
            call.get(CREATOR).orElse(owner),
            together,
            bigDeals,
            call.get(PAY_UNTIL),
            call.key());
    return Answers.done(createDeals.create(call.operator(), command), why -> spelt(why, bigDeals));
  }

  private static NewDeal newDeal(Given given) {
    if (given.has(UNIT_PRICE) == given.has(UNIT_PRICE_MICRO)) {
      throw given.wrong(UNIT_PRICE, ONE_PRICE);
    }
    return new NewDeal(
        given.get(NEW_DEAL_ID),
        new Product.Key(given.get(PRODUCT), given.get(SUB_PRODUCT)),
        given.get(ACTION_FIELD),
        given.get(PAY_MODE_FIELD),
        given
            .get(UNIT_PRICE_MICRO)
            .or(() -> given.get(UNIT_PRICE).map(cents -> cents * Voucher.MICRO_PER_CENT))
            .orElseThrow(),
        given.get(QUANTITY),
        given.get(TIME),
        given.get(TIME_UNIT_FIELD),
        given.get(PPM),
        given.get(VOUCHERS_ALLOWED),
        given.get(PROJECT_ID),
        given.get(INFO).orElse(List.of()),
        given.get(FORMULA),
        given.get(REF_RETURN_DEALS),
        given.get(ZONE),
        given.get(TARGETS));
  }

  private static Deals.Filter filter(Call call) {
    return new Deals.Filter(
        call.get(OWNER_IS),
        Set.copyOf(call.get(STATUS_IS)),
        call.get(BIG_DEAL_IS),
        call.get(PACKAGE_IS),
        call.get(PRODUCT_IS),
        call.get(RESOURCE_IS),
        call.get(FROM),
        call.get(UNTIL));
  }

  /// @param order what the numbers of lines are about
  static Refused spelt(DealRefused why, List<NewBigDeal> order) {
    return switch (why) {
      case DealRefused.NoSuchAccount(Uin uin) -> NO_SUCH_ACCOUNT.with(uin);
      case DealRefused.CreatorMayNot(Uin creator, Uin owner) ->
          CREATOR_MAY_NOT.with(creator, owner).at(CREATOR.name());
      case DealRefused.NoSuchProduct(int line, Product.Key key) ->
          UNKNOWN_PRODUCT.with(key).at(place(order, line, PRODUCT));
      case DealRefused.PriceNotExact(int line) ->
          PRICE_NOT_EXACT.with(line + 1).at(place(order, line, UNIT_PRICE));
      case DealRefused.TargetsDoNotFit(int line, String reason) ->
          TARGETS_DO_NOT_FIT.with(line + 1, reason).at(place(order, line, TARGETS));
      case DealRefused.PayUntilIsPast() -> PAY_UNTIL_IS_PAST.with().at(PAY_UNTIL.name());
      case DealRefused.DealExists(DealId id) -> DEAL_EXISTS.with(id);
      case DealRefused.BigDealExists(BigDealId id) -> BIG_DEAL_EXISTS.with(id);
      case DealRefused.PackageIsClosed(String id) -> PACKAGE_IS_CLOSED.with(id).at(PACKAGE.name());
      case DealRefused.NoSuchBigDeal(BigDealId id) -> NO_SUCH_BIG_DEAL.with(id);
      case DealRefused.NoSuchDeal(DealId id) -> NO_SUCH_DEAL.with(id);
      case DealRefused.NotUnpaid(DealId id, DealStatus status) ->
          NOT_UNPAID.with(id, statusName(status));
      case DealRefused.KeyReused() -> Errors.KEY_REUSED.with().at(RequestReader.IDEMPOTENCY_KEY);
    };
  }

  /// The path of a field of a line, counted over all purchases.
  private static String place(List<NewBigDeal> order, int line, Field<?> field) {
    int left = line;
    for (int i = 0; i < order.size(); i++) {
      int size = order.get(i).deals().size();
      if (left < size) {
        return "bigDeals[%d].deals[%d].%s".formatted(i, left, field.name());
      }
      left -= size;
    }
    throw new IllegalArgumentException("the order has no line " + line);
  }

  static String statusName(DealStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
