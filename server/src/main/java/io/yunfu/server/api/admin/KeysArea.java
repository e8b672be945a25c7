package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_KEY;
import static io.yunfu.server.api.admin.AccountsArea.SECRET_ID_TAKEN;
import static io.yunfu.server.api.admin.AccountsArea.TOO_MANY;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.account.AccountRefused;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ApiKey;
import io.yunfu.billing.account.ApiKeys;
import io.yunfu.kernel.Uin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys that sign calls of the billing API. A secret is in the answer that made it, and never
/// again.
final class KeysArea implements Area {
  private static final ErrorCode UNKNOWN_USER =
      ErrorCode.of(422, "UnknownUser", "The account has no sub-user {0}.", "该账号没有子用户 {0}。");

  private static final Scalar<String> SECRET_ID_TYPE =
      Types.matching(ApiKeys.SECRET_ID, "1 to 128 letters, digits, - or _", "1 到 128 个字母、数字、- 或 _");
  private static final Scalar<String> SECRET_KEY_TYPE =
      Types.matching(
          ApiKeys.SECRET_KEY,
          "1 to 128 printable characters of ASCII without spaces",
          "1 到 128 个可打印的 ASCII 字符(不含空格)");
  private static final Scalar<String> REMARK_TYPE = Types.text(500);
  private static final Scalar<String> TOKEN_TYPE = Types.text(200);

  private static final Form<ApiKey> KEY =
      Form.<ApiKey>of("ApiKey", "A key pair without its secret half.")
          .with("secretId", SECRET_ID_TYPE, "The half that is no secret.", ApiKey::secretId)
          .with("owner", Types.UIN, "The account.", ApiKey::owner)
          .with(
              "user",
              Types.UIN,
              "Who signs with it: the account itself or one of its sub-users.",
              ApiKey::user)
          .with("remark", REMARK_TYPE, "The operator's words.", ApiKey::remark)
          .with(
              "enabled",
              Types.FLAG,
              "Whether it opens anything, as long as its user is active.",
              key -> key.disabledAt().isEmpty())
          .with("createdAt", Types.INSTANT, "When it was made.", ApiKey::createdAt)
          .maybe("disabledAt", Types.INSTANT, "Since when it is off.", ApiKey::disabledAt)
          .maybe("expiresAt", Types.INSTANT, "The end of a temporary key.", ApiKey::expiresAt);

  private static final Form<ApiKey.Made> NEW_KEY =
      KEY.<ApiKey.Made>in(
              "NewApiKey", "A key with its secrets, which cannot be had again.", ApiKey.Made::key)
          .with(
              "secretKey", SECRET_KEY_TYPE, "The half that signs. Keep it.", ApiKey.Made::secretKey)
          .maybe(
              "token",
              TOKEN_TYPE,
              "Of a temporary key: goes along with every call.",
              ApiKey.Made::token);

  private static final Field.May<Uin> USER =
      may("user", Types.UIN, "A sub-user of the account; without it, the account itself.");
  private static final Field.May<Integer> LIFETIME =
      may(
          "lifetimeSeconds",
          Types.int32(1, (int) ApiKeys.LONGEST_TEMPORARY.toSeconds()),
          "Makes it a temporary key, which needs its token with every call. In seconds.");
  private static final Field.May<String> NEW_SECRET_ID =
      may("secretId", SECRET_ID_TYPE, "Of a pair that exists elsewhere; needs secretKey too.");
  private static final Field.May<String> NEW_SECRET_KEY =
      may("secretKey", SECRET_KEY_TYPE, "The other half of the pair that secretId names.").secret();
  private static final Field.Must<String> REMARK =
      must("remark", REMARK_TYPE, "Words of your own, such as where it is used.").or("");

  private static final Field.Must<String> SECRET_ID =
      must("secretId", SECRET_ID_TYPE, "The half of the key that is no secret.");
  private static final Field.May<Uin> USER_IS =
      may("user", Types.UIN, "Only keys of this user, or of the account itself.");
  private static final Field.May<Boolean> ENABLED_IS =
      may("enabled", Types.FLAG, "True: only those that are on. False: only those that are off.");

  private static final Cursor<ApiKeys.Position> CURSOR =
      Cursor.timeAnd(
          ApiKeys.Position::createdAt, ApiKeys.Position::secretId, ApiKeys.Position::new);

  private final Accounts accounts;
  private final ApiKeys keys;

  KeysArea(Accounts accounts, ApiKeys keys) {
    this.accounts = accounts;
    this.keys = keys;
  }

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public String about() {
    return "API keys of accounts and sub-users.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("keys.create", "/accounts/{uin}/keys", "Makes or imports an API key.")
            .about(
                "The secret is in this answer alone: it is stored encrypted and never shown again.")
            .path(UIN)
            .body(USER, LIFETIME, NEW_SECRET_ID, NEW_SECRET_KEY, REMARK)
            .example("{\"remark\": \"billing job\"}")
            .refuses(NO_SUCH_ACCOUNT, UNKNOWN_USER, SECRET_ID_TAKEN, TOO_MANY)
            .creates(NEW_KEY)
            .by(this::create),
        Operation.get(
                "keys.list",
                "/accounts/{uin}/keys",
                "Lists the keys of an account and its sub-users, newest first.")
            .path(UIN)
            .query(USER_IS, ENABLED_IS)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(
                KEY,
                CURSOR,
                ApiKeys.Position::of,
                "secretId",
                "user",
                "enabled",
                "remark",
                "createdAt",
                "expiresAt")
            .by((call, part) -> {
              Uin owner = AccountsArea.existing(accounts, call).owner().uin();
              var filter = new ApiKeys.Filter(call.get(USER_IS), call.get(ENABLED_IS));
              return keys.list(owner, filter, part.after(), part.limit());
            }),
        Operation.post(
                "keys.disable",
                "/accounts/{uin}/keys/{secretId}/disable",
                "Switches a key off. All nodes know within a second.")
            .path(UIN, SECRET_ID)
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_KEY)
            .answers(KEY)
            .by(call -> setEnabled(call, false)),
        Operation.post(
                "keys.enable", "/accounts/{uin}/keys/{secretId}/enable", "Switches a key on again.")
            .path(UIN, SECRET_ID)
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_KEY)
            .answers(KEY)
            .by(call -> setEnabled(call, true)));
  }

  private ApiKey.Made create(Call call) {
    if (call.has(NEW_SECRET_ID) != call.has(NEW_SECRET_KEY)) {
      throw call.wrong(
          call.has(NEW_SECRET_ID) ? NEW_SECRET_KEY : NEW_SECRET_ID,
          "is missing: an imported key has both halves",
          "缺失:导入密钥时两部分必须同时给出");
    }
    Uin owner = call.get(UIN);
    Optional<ApiKeys.Pair> imported =
        call.get(NEW_SECRET_ID)
            .map(id -> new ApiKeys.Pair(id, call.get(NEW_SECRET_KEY).orElseThrow()));
    var command =
        new ApiKeys.Command(
            owner,
            call.get(USER).orElse(owner),
            imported,
            call.get(LIFETIME).map(Duration::ofSeconds),
            call.get(REMARK));
    return Answers.done(
        keys.create(call.operator(), command),
        why ->
            why instanceof AccountRefused.NoSuchUser(Uin user)
                ? UNKNOWN_USER.with(user).at(USER.name())
                : AccountsArea.spelt(why));
  }

  private ApiKey setEnabled(Call call, boolean enabled) {
    return Answers.done(
        keys.setEnabled(call.operator(), call.get(UIN), call.get(SECRET_ID), enabled),
        AccountsArea::spelt);
  }
}
