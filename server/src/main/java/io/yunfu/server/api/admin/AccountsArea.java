package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.AccountRefused;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.ChangeAccount;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.util.List;
import java.util.Optional;

/// Owner accounts: opened, changed, frozen, never deleted.
final class AccountsArea implements Area {
  static final int LONGEST_NAME = 100;

  static final ErrorCode NO_SUCH_ACCOUNT =
      ErrorCode.of(404, "NoSuchAccount", "There is no account {0}.", "账号 {0} 不存在。");
  static final ErrorCode UIN_TAKEN =
      ErrorCode.of(
          409,
          "UinTaken",
          "The number {0} belongs to an account or a sub-user already.",
          "编号 {0} 已被账号或子用户占用。");
  static final ErrorCode UNKNOWN_ACCOUNT =
      ErrorCode.of(422, "UnknownAccount", "There is no account {0}.", "账号 {0} 不存在。");
  static final ErrorCode UNKNOWN_CELL =
      ErrorCode.of(422, "UnknownCell", "There is no cell {0}.", "单元 {0} 不存在。");
  static final ErrorCode CERTIFICATION_IS_FINAL =
      ErrorCode.of(
          409,
          "CertificationIsFinal",
          "A certification that is {0} cannot become {1}.",
          "实名认证状态不能由 {0} 变为 {1}。");
  static final ErrorCode NO_SUCH_USER =
      ErrorCode.of(404, "NoSuchUser", "The account has no sub-user {0}.", "该账号没有子用户 {0}。");
  static final ErrorCode NO_SUCH_KEY =
      ErrorCode.of(404, "NoSuchKey", "The account has no key {0}.", "该账号没有密钥 {0}。");
  static final ErrorCode SECRET_ID_TAKEN =
      ErrorCode.of(409, "SecretIdTaken", "The secret id {0} exists already.", "SecretId {0} 已存在。");
  static final ErrorCode TOO_MANY =
      ErrorCode.of(409, "TooMany", "There can be at most {1} {0}.", "{0} 最多 {1} 个。");

  static final Field.Must<Uin> UIN = must("uin", Types.UIN, "The number of the account.");

  static final Form<Account> ACCOUNT =
      Form.<Account>of("Account", "An owner account, without its money.")
          .with("uin", Types.UIN, "Its number.", account -> account.owner().uin())
          .with("name", Types.text(LONGEST_NAME), "Its name.", account -> account.owner().name())
          .with(
              "edition",
              Types.EDITION,
              "Which edition of the billing API it sees, and so its currency: CNY in `china`, USD in"
                  + " `intl`.",
              account -> account.owner().edition())
          .with(
              "currency",
              Types.CURRENCY,
              "Of all its money.",
              account -> account.owner().edition().currency())
          .with(
              "certification",
              Types.CERTIFICATION,
              "Its real-name state. Only `complete` can pay.",
              account -> account.owner().certification())
          .with(
              "active",
              Types.FLAG,
              "False while it is frozen: it neither pays nor is paid for.",
              account -> account.owner().active())
          .with(
              "cell",
              Types.int32(0, CellId.MAX),
              "Where it lives.",
              account -> account.cell().value())
          .with("createdAt", Types.INSTANT, "Since when it is there.", Account::createdAt);

  private static final Field.May<Uin> NEW_UIN =
      may("uin", Types.UIN, "Its number, when it is imported; made here otherwise.");
  private static final Scalar<String> NAME_TYPE = Types.text(LONGEST_NAME);
  private static final Field.Must<String> NAME = must("name", NAME_TYPE, "Its name.").or("");
  private static final Field.Must<Edition> EDITION =
      must(
          "edition",
          Types.EDITION,
          "Which edition of the billing API it sees, and so its currency: CNY in `china`, USD in"
              + " `intl`. Cannot be changed later.");
  private static final Field.Must<Certification> CERTIFICATION =
      must("certification", Types.CERTIFICATION, "Its real-name state. Only `complete` can pay.")
          .or(Certification.NONE);
  private static final Field.May<Integer> CELL =
      may(
          "cell",
          Types.int32(0, CellId.MAX),
          "In which cell it lives, for good. Without it, its number decides.");
  private static final Field.May<Uin> BESIDE =
      may(
          "beside",
          Types.UIN,
          "An account in whose cell it lives: its future group payer, reseller, member or client.");

  private static final Field.May<String> NEW_NAME = may("name", NAME_TYPE, "Its new name.");
  private static final Field.May<Certification> NEW_CERTIFICATION =
      may(
          "certification",
          Types.CERTIFICATION,
          "Its new real-name state. What was `complete` can only become `need_upgrade`, and back.");

  private static final Field.May<String> NAME_PART =
      may("name", Types.text(1, LONGEST_NAME), "Part of the name, in capitals or not.");
  private static final Field.May<Edition> EDITION_IS =
      may("edition", Types.EDITION, "Only those of this edition.");
  private static final Field.May<Certification> CERTIFICATION_IS =
      may("certification", Types.CERTIFICATION, "Only those in this real-name state.");
  private static final Field.May<Boolean> ACTIVE_IS =
      may("active", Types.FLAG, "False: only frozen ones. True: only others.");

  private final OpenAccount openAccount;
  private final ChangeAccount changeAccount;
  private final Accounts accounts;

  AccountsArea(OpenAccount openAccount, ChangeAccount changeAccount, Accounts accounts) {
    this.openAccount = openAccount;
    this.changeAccount = changeAccount;
    this.accounts = accounts;
  }

  @Override
  public String name() {
    return "accounts";
  }

  @Override
  public String about() {
    return "Owner accounts: who orders and pays.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("accounts.open", "/accounts", "Opens an account without money.")
            .body(NEW_UIN, NAME, EDITION, CERTIFICATION, CELL, BESIDE)
            .example(
                """
                {"name": "Example Ltd", "edition": "china", "certification": "complete"}\
                """)
            .refuses(UIN_TAKEN, UNKNOWN_CELL, UNKNOWN_ACCOUNT)
            .creates(ACCOUNT)
            .by(this::open),
        Operation.get("accounts.list", "/accounts", "Lists accounts by ascending number.")
            .query(NAME_PART, EDITION_IS, CERTIFICATION_IS, ACTIVE_IS)
            .pages(
                ACCOUNT,
                Cursor.UIN,
                account -> account.owner().uin(),
                "uin",
                "name",
                "edition",
                "certification",
                "active",
                "createdAt")
            .by((call, part) -> accounts.list(filter(call), part.after(), part.limit())),
        Operation.get("accounts.get", "/accounts/{uin}", "Shows an account.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .answers(ACCOUNT)
            .by(call -> existing(accounts, call)),
        Operation.patch("accounts.change", "/accounts/{uin}", "Changes name or real-name state.")
            .path(UIN)
            .body(NEW_NAME, NEW_CERTIFICATION)
            .example(
                """
                {"certification": "complete"}\
                """)
            .refuses(NO_SUCH_ACCOUNT, CERTIFICATION_IS_FINAL)
            .answers(ACCOUNT)
            .by(call ->
                change(call, call.get(NEW_NAME), call.get(NEW_CERTIFICATION), Optional.empty())),
        Operation.post(
                "accounts.freeze",
                "/accounts/{uin}/freeze",
                "Freezes an account: it neither pays nor is paid for.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .answers(ACCOUNT)
            .by(call -> change(call, Optional.empty(), Optional.empty(), Optional.of(false))),
        Operation.post("accounts.unfreeze", "/accounts/{uin}/unfreeze", "Ends a freeze.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .answers(ACCOUNT)
            .by(call -> change(call, Optional.empty(), Optional.empty(), Optional.of(true))));
  }

  private Account open(Call call) {
    if (call.has(CELL) && call.has(BESIDE)) {
      throw call.wrong(BESIDE, "cannot be given together with cell", "不能与 cell 同时给出");
    }
    OpenAccount.Place place =
        call.get(BESIDE)
            .<OpenAccount.Place>map(OpenAccount.Place.Beside::new)
            .or(() -> call.get(CELL).map(cell -> new OpenAccount.Place.In(new CellId(cell))))
            .orElseGet(OpenAccount.Place.Any::new);
    var command =
        new OpenAccount.Command(
            call.get(NEW_UIN), call.get(NAME), call.get(EDITION), call.get(CERTIFICATION), place);
    return Answers.done(
        openAccount.open(call.operator(), command),
        why ->
            why instanceof AccountRefused.NoSuchAccount(Uin other)
                ? UNKNOWN_ACCOUNT.with(other).at(BESIDE.name())
                : spelt(why));
  }

  private static Accounts.Filter filter(Call call) {
    return new Accounts.Filter(
        call.get(NAME_PART), call.get(EDITION_IS), call.get(CERTIFICATION_IS), call.get(ACTIVE_IS));
  }

  private Account change(
      Call call,
      Optional<String> name,
      Optional<Certification> certification,
      Optional<Boolean> active) {
    var command = new ChangeAccount.Command(call.get(UIN), name, certification, active);
    return Answers.done(changeAccount.change(call.operator(), command), AccountsArea::spelt);
  }

  /// The account that the path names.
  static Account existing(Accounts accounts, Call call) {
    Uin uin = call.get(UIN);
    return Answers.found(accounts.find(uin), NO_SUCH_ACCOUNT, uin);
  }

  static Refused spelt(AccountRefused why) {
    return switch (why) {
      case AccountRefused.NoSuchAccount(Uin uin) -> NO_SUCH_ACCOUNT.with(uin);
      case AccountRefused.UinTaken(Uin uin) -> UIN_TAKEN.with(uin).at("uin");
      case AccountRefused.NoSuchCell(CellId cell) -> UNKNOWN_CELL.with(cell.value()).at("cell");
      case AccountRefused.CertificationIsFinal(var is, var wanted) ->
          CERTIFICATION_IS_FINAL.with(is.code(), wanted.code()).at("certification");
      case AccountRefused.NoSuchUser(Uin uin) -> NO_SUCH_USER.with(uin);
      case AccountRefused.NoSuchKey(String secretId) -> NO_SUCH_KEY.with(secretId);
      case AccountRefused.SecretIdTaken(String secretId) ->
          SECRET_ID_TAKEN.with(secretId).at("secretId");
      case AccountRefused.TooMany(String what, int most) -> TOO_MANY.with(what, most);
    };
  }
}
