package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_USER;
import static io.yunfu.server.api.admin.AccountsArea.TOO_MANY;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.AccountsArea.UIN_TAKEN;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.account.AccountRefused;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Policy;
import io.yunfu.billing.account.SubUser;
import io.yunfu.billing.account.SubUsers;
import io.yunfu.kernel.Uin;
import java.util.List;

/// Sub-users and what they may do.
final class UsersArea implements Area {
  private static final String ABOUT_POLICIES =
      "What the user may do: `finance:` and an action of the billing API such as `finance:trade` (to"
          + " pay) or `finance:DescribeDealsByCond`, `finance:*`, or a preset.";

  static final Field.Must<Uin> USER = must("user", Types.UIN, "The number of the sub-user.");

  private static final Scalar<String> NAME_TYPE = Types.text(AccountsArea.LONGEST_NAME);
  private static final ListOf<String> POLICIES_TYPE =
      ListOf.of(
          Types.matching(
              Policy.FORM,
              "a policy such as finance:trade or finance:*, or a preset such as"
                  + " QCloudFinanceFullAccess",
              "策略,如 finance:trade、finance:*,或预设策略如 QCloudFinanceFullAccess"),
          0,
          SubUsers.MOST_POLICIES);

  private static final Form<SubUser> SUB_USER =
      Form.<SubUser>of("SubUser", "Somebody who acts for an account, as far as the policies go.")
          .with("uin", Types.UIN, "The user's number.", SubUser::uin)
          .with("owner", Types.UIN, "The account that the user acts for.", SubUser::owner)
          .with("name", NAME_TYPE, "The user's name.", SubUser::name)
          .with("active", Types.FLAG, "False: none of the user's keys works.", SubUser::active)
          .with("policies", POLICIES_TYPE, ABOUT_POLICIES, SubUser::policies)
          .with("createdAt", Types.INSTANT, "Since when the user is there.", SubUser::createdAt);

  private static final Field.May<Uin> NEW_USER =
      may("user", Types.UIN, "The user's number, when it is imported; made here otherwise.");
  private static final Field.Must<String> NAME = must("name", NAME_TYPE, "The user's name.").or("");
  private static final Field.Must<List<String>> INITIAL_POLICIES =
      must("policies", POLICIES_TYPE, ABOUT_POLICIES).or(List.of());
  private static final Field.Must<List<String>> POLICIES =
      must("policies", POLICIES_TYPE, ABOUT_POLICIES + " These and no others.");
  private static final Field.May<String> NEW_NAME = may("name", NAME_TYPE, "The new name.");
  private static final Field.May<Boolean> ACTIVE =
      may("active", Types.FLAG, "False: from now on none of the user's keys works.");

  private final Accounts accounts;
  private final SubUsers users;

  UsersArea(Accounts accounts, SubUsers users) {
    this.accounts = accounts;
    this.users = users;
  }

  @Override
  public String name() {
    return "users";
  }

  @Override
  public String about() {
    return "Sub-users of accounts, and their policies.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("users.add", "/accounts/{uin}/users", "Adds a sub-user.")
            .path(UIN)
            .body(NEW_USER, NAME, INITIAL_POLICIES)
            .example("{\"name\": \"Bob\", \"policies\": [\"finance:trade\"]}")
            .refuses(NO_SUCH_ACCOUNT, UIN_TAKEN, TOO_MANY)
            .creates(SUB_USER)
            .by(this::add),
        Operation.get("users.list", "/accounts/{uin}/users", "Lists sub-users by ascending number.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(SUB_USER, Cursor.UIN, SubUser::uin, "uin", "name", "active", "policies")
            .by((call, part) -> {
              Uin owner = AccountsArea.existing(accounts, call).owner().uin();
              return users.list(owner, part.after(), part.limit());
            }),
        Operation.get("users.get", "/accounts/{uin}/users/{user}", "Shows a sub-user.")
            .path(UIN, USER)
            .refuses(NO_SUCH_USER)
            .answers(SUB_USER)
            .by(call ->
                Answers.found(
                    users.find(call.get(UIN), call.get(USER)), NO_SUCH_USER, call.get(USER))),
        Operation.patch(
                "users.change",
                "/accounts/{uin}/users/{user}",
                "Renames a sub-user, or switches it off or on.")
            .path(UIN, USER)
            .body(NEW_NAME, ACTIVE)
            .example("{\"active\": false}")
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_USER)
            .answers(SUB_USER)
            .by(this::change),
        Operation.put(
                "users.set-policies",
                "/accounts/{uin}/users/{user}/policies",
                "Gives a sub-user exactly these policies.")
            .path(UIN, USER)
            .body(POLICIES)
            .example("{\"policies\": [\"finance:trade\", \"finance:DescribeDealsByCond\"]}")
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_USER)
            .answers(SUB_USER)
            .by(call ->
                Answers.done(
                    users.setPolicies(
                        call.operator(), call.get(UIN), call.get(USER), call.get(POLICIES)),
                    AccountsArea::spelt)));
  }

  private SubUser add(Call call) {
    var command =
        new SubUsers.Add(
            call.get(UIN), call.get(NEW_USER), call.get(NAME), call.get(INITIAL_POLICIES));
    return Answers.done(
        users.add(call.operator(), command),
        why ->
            why instanceof AccountRefused.UinTaken(Uin taken)
                ? UIN_TAKEN.with(taken).at(NEW_USER.name())
                : AccountsArea.spelt(why));
  }

  private SubUser change(Call call) {
    var command =
        new SubUsers.Change(call.get(UIN), call.get(USER), call.get(NEW_NAME), call.get(ACTIVE));
    return Answers.done(users.change(call.operator(), command), AccountsArea::spelt);
  }
}
