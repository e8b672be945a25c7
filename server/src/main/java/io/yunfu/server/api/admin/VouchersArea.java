package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.BalanceArea.OTHER_CURRENCY;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.voucher.IssueVouchers;
import io.yunfu.billing.voucher.IssuedVoucher;
import io.yunfu.billing.voucher.MoveVouchers;
import io.yunfu.billing.voucher.NewVoucher;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherRefused;
import io.yunfu.billing.voucher.VoucherStatus;
import io.yunfu.billing.voucher.Vouchers;
import io.yunfu.kernel.Uin;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Vouchers: issued, claimed, withdrawn, and what they paid for.
final class VouchersArea implements Area {
  private static final ErrorCode NO_SUCH_VOUCHER =
      ErrorCode.of(404, "NoSuchVoucher", "There is no voucher {0}.", "代金券 {0} 不存在。");
  private static final ErrorCode VOUCHER_EXISTS =
      ErrorCode.of(409, "VoucherExists", "The voucher {0} exists already.", "代金券 {0} 已存在。");
  private static final ErrorCode VALIDITY_IS_PAST =
      ErrorCode.of(
          409,
          "ValidityIsPast",
          "The last day, {0}, is before today, {1} in UTC+8.",
          "截止日期 {0} 早于今天 {1}(UTC+8)。");
  private static final ErrorCode NOT_POSSIBLE =
      ErrorCode.of(
          409,
          "NotPossible",
          "The voucher {0} is {1}, where this step does not start.",
          "代金券 {0} 处于状态 {1},无法执行该操作。");

  private static final Scalar<String> WORDS = Types.text(200);
  private static final Scalar<VoucherId> ID_TYPE = Types.ID.as(VoucherId::new, VoucherId::value);
  private static final Scalar<VoucherStatus> STATUS =
      Types.choice(Arrays.asList(VoucherStatus.values()), VoucherStatus::code);
  private static final Scalar<String> PAY_MODE =
      Types.choice(List.of("*", "prePay", "postPay", "riPay"));
  private static final ListOf<String> SCENES =
      ListOf.of(Types.choice(NewVoucher.PAY_SCENES), 1, NewVoucher.PAY_SCENES.size());
  private static final Scalar<String> PRODUCT =
      Types.matching(
          NewVoucher.PRODUCT,
          "a product code, product/sub-product, or * for all",
          "产品码、产品码/子产品码,或表示全部的 *");
  private static final ListOf<String> APPLICABLE = ListOf.of(PRODUCT, 1, NewVoucher.MOST_PRODUCTS);
  private static final ListOf<String> EXCLUDED = ListOf.of(PRODUCT, 0, NewVoucher.MOST_PRODUCTS);

  private static final Field.May<VoucherId> NEW_ID =
      may("id", ID_TYPE, "Of a single voucher that is imported; made here otherwise.");
  private static final Field.Must<Integer> COUNT =
      must("count", Types.int32(1, IssueVouchers.MOST_AT_ONCE), "How many that are the same.")
          .or(1);
  private static final Field.Must<Long> FACE_VALUE =
      must(
          "amount",
          Types.integer(1, NewVoucher.MOST_MICRO / Voucher.MICRO_PER_CENT),
          "The face value of each, in the smallest unit of the currency: fen, cent.");
  private static final Field.Must<LocalDate> BEGINS =
      must("begins", Types.DAY, "The first day on which it can be spent, in UTC+8.");
  private static final Field.Must<LocalDate> ENDS =
      must("ends", Types.DAY, "The last day on which it can be spent, in UTC+8, inclusive.");
  private static final Field.Must<Boolean> CLAIMED =
      must(
              "claimed",
              Types.FLAG,
              "False: it is only delivered, and has to be claimed before it can be spent.")
          .or(true);
  private static final Field.Must<String> PAY_MODE_FIELD =
      must("payMode", PAY_MODE, "For which way of paying; `*` for all.").or("*");
  private static final Field.Must<List<String>> PAY_SCENES =
      must("payScenes", SCENES, "For which kinds of deals; `*` for all.").or(List.of("*"));
  private static final Field.Must<List<String>> PRODUCTS =
      must("applicableProducts", APPLICABLE, "For which products; `*` for all.").or(List.of("*"));
  private static final Field.Must<List<String>> EXCLUDED_PRODUCTS =
      must("excludedProducts", EXCLUDED, "For which products it is not, all the same.")
          .or(List.of());
  private static final Field.Must<Long> MINIMUM_SPEND =
      must(
              "minimumSpend",
              Types.integer(0, TopUp.MOST),
              "What the deals that it applies to must come to, in the smallest unit.")
          .or(0L);
  private static final Field.Must<Boolean> AUTO_USE =
      must("autoUse", Types.FLAG, "Whether a payment with AutoVoucher may choose it.").or(true);
  private static final Field.Must<String> MAIN_TYPE =
      must("mainType", Types.choice(NewVoucher.MAIN_TYPES), "The wire's `MainType`.")
          .or("has_price");
  private static final Field.Must<String> SUB_TYPE =
      must("subType", Types.choice(NewVoucher.SUB_TYPES), "The wire's `SubType`.").or("deduct");
  private static final Field.Must<String> NAME = must("name", WORDS, "Its name.").or("");
  private static final Field.Must<String> CODE_ID =
      must("codeId", WORDS, "The voucher order that it comes from, the wire's `CodeId`.").or("");
  private static final Field.Must<String> ACTIVITY_ID =
      must("activityId", WORDS, "The campaign that it belongs to, the wire's `ActivityId`.").or("");
  private static final Field.Must<String> POLICY_REMARK =
      must("policyRemark", WORDS, "What its owner reads about its use.").or("");

  private static final Form<IssuedVoucher> VOUCHER =
      Form.<IssuedVoucher>of("Voucher", "A prepaid discount, and what has become of it.")
          .with("id", ID_TYPE, "Its id.", IssuedVoucher::id)
          .with("owner", Types.UIN, "Whose it is.", IssuedVoucher::owner)
          .with(
              "status",
              STATUS,
              "Where it stands. Only `unUsed` can be spent.",
              IssuedVoucher::status)
          .with("currency", Types.CURRENCY, "Of all amounts here.", its -> its.issue().currency())
          .with(
              "amount",
              Amounts.CENTS,
              "The face value in whole units, rounded down.",
              its -> its.issue().nominalMicro() / Voucher.MICRO_PER_CENT)
          .with(
              "balance",
              Amounts.CENTS,
              "What is left in whole units, rounded down.",
              its -> its.balanceMicro() / Voucher.MICRO_PER_CENT)
          .with(
              "amountMicro",
              Amounts.CENTS,
              "The face value, exactly.",
              its -> its.issue().nominalMicro())
          .with(
              "balanceMicro", Amounts.CENTS, "What is left, exactly.", IssuedVoucher::balanceMicro)
          .with("begins", Types.DAY, BEGINS.about(), its -> its.issue().begins())
          .with("ends", Types.DAY, ENDS.about(), its -> its.issue().ends())
          .with(
              "payMode",
              Types.text(20),
              "For which way of paying; `*` or empty for all.",
              its -> its.issue().payMode())
          .with("payScenes", SCENES, PAY_SCENES.about(), its -> its.issue().payScenes())
          .with(
              "applicableProducts",
              APPLICABLE,
              PRODUCTS.about(),
              its -> its.issue().applicableProducts())
          .with(
              "excludedProducts",
              EXCLUDED,
              EXCLUDED_PRODUCTS.about(),
              its -> its.issue().excludedProducts())
          .with(
              "minimumSpend",
              Amounts.CENTS,
              MINIMUM_SPEND.about(),
              its -> its.issue().minimumSpend())
          .with("autoUse", Types.FLAG, AUTO_USE.about(), its -> its.issue().autoUse())
          .with("mainType", Types.text(20), MAIN_TYPE.about(), its -> its.issue().mainType())
          .with("subType", Types.text(20), SUB_TYPE.about(), its -> its.issue().subType())
          .with("name", WORDS, NAME.about(), its -> its.issue().name())
          .with("codeId", WORDS, CODE_ID.about(), its -> its.issue().codeId())
          .with("activityId", WORDS, ACTIVITY_ID.about(), its -> its.issue().activityId())
          .with("policyRemark", WORDS, POLICY_REMARK.about(), its -> its.issue().policyRemark())
          .with("createdAt", Types.INSTANT, "When it was issued.", IssuedVoucher::createdAt);

  private static final Form<IssueVouchers.Issued> ISSUED =
      Form.<IssueVouchers.Issued>of("IssuedVouchers", "The vouchers that were issued.")
          .with("voucherIds", Form.list(Types.ID), "Their ids.", IssueVouchers.Issued::voucherIds);

  /// A use knows no currency: it is its voucher's.
  private record Used(IssuedVoucher voucher, IssuedVoucher.Usage usage) {}

  private static final Form<Used> USAGE =
      Form.<Used>of("VoucherUsage", "What a payment has taken from a voucher.")
          .with("dealId", Types.ID, "The deal that it paid for.", used -> used.usage.dealId())
          .with(
              "amount",
              Amounts.CENTS,
              "What it paid, in whole units.",
              used -> used.usage.amountMicro() / Voucher.MICRO_PER_CENT)
          .with(
              "amountMicro",
              Amounts.CENTS,
              "What it paid, exactly.",
              used -> used.usage.amountMicro())
          .with(
              "currency", Types.CURRENCY, "Of the amount.", used -> used.voucher.issue().currency())
          .with("usedAt", Types.INSTANT, "When.", used -> used.usage.usedAt());

  private static final Field.Must<VoucherId> ID =
      must("voucher", ID_TYPE, "The id of the voucher.");
  private static final Field.May<Uin> OWNER_IS =
      may("owner", Types.UIN, "Only those of this account.");
  private static final Field.May<VoucherStatus> STATUS_IS =
      may("status", STATUS, "Only those that stand so.");
  private static final Field.May<String> CODE_ID_IS =
      may("codeId", Types.text(1, 200), "Only those of this voucher order.");
  private static final Field.May<String> ACTIVITY_ID_IS =
      may("activityId", Types.text(1, 200), "Only those of this campaign.");
  private static final Field.May<String> NAME_PART =
      may("name", Types.text(1, 200), "Part of the name, in capitals or not.");
  private static final Field.May<LocalDate> ENDS_FROM =
      may("endsFrom", Types.DAY, "Only those whose last day is this one or later.");
  private static final Field.May<LocalDate> ENDS_UNTIL =
      may("endsUntil", Types.DAY, "Only those whose last day is this one or earlier.");

  private static final Cursor<Vouchers.Position> CURSOR =
      Cursor.timeAnd(Vouchers.Position::createdAt, Vouchers.Position::id, Vouchers.Position::new);
  private static final Cursor<IssuedVoucher.Usage.Position> USAGE_CURSOR =
      Cursor.timeAnd(
          IssuedVoucher.Usage.Position::usedAt,
          IssuedVoucher.Usage.Position::dealId,
          IssuedVoucher.Usage.Position::new);

  private final IssueVouchers issueVouchers;
  private final MoveVouchers moveVouchers;
  private final Vouchers vouchers;

  VouchersArea(IssueVouchers issueVouchers, MoveVouchers moveVouchers, Vouchers vouchers) {
    this.issueVouchers = issueVouchers;
    this.moveVouchers = moveVouchers;
    this.vouchers = vouchers;
  }

  @Override
  public String name() {
    return "vouchers";
  }

  @Override
  public String about() {
    return "Vouchers of accounts.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post(
                "vouchers.issue", "/accounts/{uin}/vouchers", "Gives vouchers to an account.")
            .path(UIN)
            .body(
                FACE_VALUE,
                Amounts.CURRENCY,
                COUNT,
                BEGINS,
                ENDS,
                PRODUCTS,
                EXCLUDED_PRODUCTS,
                PAY_MODE_FIELD,
                PAY_SCENES,
                MINIMUM_SPEND,
                AUTO_USE,
                CLAIMED,
                NAME,
                POLICY_REMARK,
                MAIN_TYPE,
                SUB_TYPE,
                CODE_ID,
                ACTIVITY_ID,
                NEW_ID)
            .example(
                """
                {"amount": 3000, "currency": "CNY", "count": 2, "begins": "2026-11-01", "ends": "2099-12-31",
                 "applicableProducts": ["p_cvm", "p_cbs/sp_cbs_premium"], "payScenes": ["purchase", "renew"],
                 "minimumSpend": 5000, "name": "Welcome"}\
                """)
            .repeatable()
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY, VOUCHER_EXISTS, VALIDITY_IS_PAST)
            .creates(ISSUED)
            .by(this::issue),
        Operation.get("vouchers.list", "/vouchers", "Lists vouchers, newest first.")
            .query(
                OWNER_IS, STATUS_IS, NAME_PART, ENDS_FROM, ENDS_UNTIL, CODE_ID_IS, ACTIVITY_ID_IS)
            .pages(
                VOUCHER,
                CURSOR,
                Vouchers.Position::of,
                "id",
                "owner",
                "status",
                "amount",
                "balance",
                "currency",
                "begins",
                "ends",
                "name")
            .by((call, part) -> vouchers.list(filter(call), part.after(), part.limit())),
        Operation.get("vouchers.get", "/vouchers/{voucher}", "Shows a voucher.")
            .path(ID)
            .refuses(NO_SUCH_VOUCHER)
            .answers(VOUCHER)
            .by(this::existing),
        Operation.get(
                "vouchers.usages",
                "/vouchers/{voucher}/usages",
                "Lists what has been paid with a voucher, oldest first.")
            .path(ID)
            .refuses(NO_SUCH_VOUCHER)
            .pages(
                USAGE,
                USAGE_CURSOR,
                used -> used.usage.position(),
                "dealId",
                "amount",
                "currency",
                "usedAt")
            .by((call, part) -> {
              IssuedVoucher voucher = existing(call);
              return vouchers.usages(voucher, part.after(), part.limit()).stream()
                  .map(usage -> new Used(voucher, usage))
                  .toList();
            }),
        Operation.post(
                "vouchers.claim",
                "/vouchers/{voucher}/claim",
                "Claims a delivered voucher for its owner, who can spend it then.")
            .path(ID)
            .refuses(NO_SUCH_VOUCHER, NOT_POSSIBLE, VALIDITY_IS_PAST)
            .answers(VOUCHER)
            .by(call ->
                Answers.done(
                    moveVouchers.claim(call.operator(), call.get(ID)), VouchersArea::spelt)),
        Operation.post(
                "vouchers.void",
                "/vouchers/{voucher}/void",
                "Withdraws a voucher for good. What was spent of it stays spent.")
            .path(ID)
            .refuses(NO_SUCH_VOUCHER, NOT_POSSIBLE)
            .answers(VOUCHER)
            .by(call ->
                Answers.done(
                    moveVouchers.cancel(call.operator(), call.get(ID)), VouchersArea::spelt)));
  }

  private IssueVouchers.Issued issue(Call call) {
    if (call.get(ENDS).isBefore(call.get(BEGINS))) {
      throw call.wrong(ENDS, "must not be before begins", "不能早于 begins");
    }
    if (call.has(NEW_ID) && call.get(COUNT) != 1) {
      throw call.wrong(NEW_ID, "is for a single voucher", "只能用于单张代金券");
    }
    if (Set.copyOf(call.get(PAY_SCENES)).size() < call.get(PAY_SCENES).size()) {
      throw call.wrong(PAY_SCENES, "must not name one twice", "不能重复");
    }
    var voucher =
        new NewVoucher(
            call.get(Amounts.CURRENCY),
            call.get(FACE_VALUE) * Voucher.MICRO_PER_CENT,
            call.get(CLAIMED),
            call.get(PAY_MODE_FIELD),
            call.get(PAY_SCENES),
            call.get(PRODUCTS),
            call.get(EXCLUDED_PRODUCTS),
            call.get(MINIMUM_SPEND),
            call.get(AUTO_USE),
            call.get(BEGINS),
            call.get(ENDS),
            call.get(MAIN_TYPE),
            call.get(SUB_TYPE),
            call.get(NAME),
            call.get(CODE_ID),
            call.get(ACTIVITY_ID),
            call.get(POLICY_REMARK));
    var command =
        new IssueVouchers.Command(
            call.get(UIN), voucher, call.get(COUNT), call.get(NEW_ID), call.key());
    return Answers.done(issueVouchers.issue(call.operator(), command), VouchersArea::spelt);
  }

  private static Vouchers.Filter filter(Call call) {
    return new Vouchers.Filter(
        call.get(OWNER_IS),
        call.get(STATUS_IS),
        call.get(CODE_ID_IS),
        call.get(ACTIVITY_ID_IS),
        call.get(NAME_PART),
        call.get(ENDS_FROM),
        call.get(ENDS_UNTIL));
  }

  private IssuedVoucher existing(Call call) {
    VoucherId id = call.get(ID);
    return Answers.found(vouchers.find(id), NO_SUCH_VOUCHER, id);
  }

  private static Refused spelt(VoucherRefused why) {
    return switch (why) {
      case VoucherRefused.NoSuchAccount(Uin uin) -> NO_SUCH_ACCOUNT.with(uin);
      case VoucherRefused.OtherCurrency(var account, var given) ->
          OTHER_CURRENCY.with(account, given).at(Amounts.CURRENCY.name());
      case VoucherRefused.VoucherExists(VoucherId id) -> VOUCHER_EXISTS.with(id).at(NEW_ID.name());
      case VoucherRefused.ValidityIsPast(LocalDate ends, LocalDate today) ->
          VALIDITY_IS_PAST.with(ends, today).at(ENDS.name());
      case VoucherRefused.NoSuchVoucher(VoucherId id) -> NO_SUCH_VOUCHER.with(id);
      case VoucherRefused.NotPossible(VoucherId id, VoucherStatus status) ->
          NOT_POSSIBLE.with(id, status.code());
      case VoucherRefused.KeyReused() -> Errors.KEY_REUSED.with().at(RequestReader.IDEMPOTENCY_KEY);
    };
  }
}
