package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.AccountsArea.UNKNOWN_ACCOUNT;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.Binding;
import io.yunfu.billing.agentpay.BindingRefused;
import io.yunfu.billing.agentpay.Bindings;
import io.yunfu.kernel.Uin;
import java.util.List;

/// Who pays for whom: group payers for members, or resellers for clients. One area for each kind.
final class BindingsArea implements Area {
  private static final ErrorCode ITS_OWN =
      ErrorCode.of(422, "ItsOwn", "{0} cannot be bound to itself.", "账号 {0} 不能与自身绑定。");
  private static final ErrorCode OTHER_CELL =
      ErrorCode.of(
          409,
          "OtherCell",
          "{0} and {1} live in different cells; open one beside the other.",
          "{0} 与 {1} 位于不同单元;请在开户时使用 beside 置于同一单元。");
  private static final ErrorCode OTHER_EDITION =
      ErrorCode.of(
          409, "OtherEdition", "One is in edition {0}, the other in {1}.", "两个账号的版本不同:{0} 与 {1}。");
  private static final ErrorCode BOUND_ALREADY =
      ErrorCode.of(409, "BoundAlready", "{0} is bound to {1} already.", "{0} 已绑定到 {1}。");
  private static final ErrorCode IN_THE_WAY =
      ErrorCode.of(
          409, "InTheWay", "{0} {1}, which excludes this binding.", "账号 {0} 的现有关系({1})与此绑定互斥。");
  private static final ErrorCode NOT_BOUND =
      ErrorCode.of(404, "NotBound", "{0} is not bound so.", "账号 {0} 没有此绑定。");

  private final Bindings.Kind kind;
  private final Accounts accounts;
  private final Bindings bindings;
  private final Names names;

  /// What each kind is called here.
  private record Names(
      String area,
      String about,
      String schema,
      String bound,
      String payer,
      String path,
      String bounds) {
    static Names of(Bindings.Kind kind) {
      return switch (kind) {
        case GROUP ->
            new Names(
                "groups",
                "Group payers, who pay all that their members order.",
                "GroupMember",
                "member",
                "group payer",
                "group-payer",
                "members");
        case RESELLER ->
            new Names(
                "resellers",
                "Resellers, who may pay what their clients order.",
                "ResellerClient",
                "client",
                "reseller",
                "reseller",
                "clients");
      };
    }
  }

  BindingsArea(Bindings.Kind kind, Accounts accounts, Bindings bindings) {
    this.kind = kind;
    this.accounts = accounts;
    this.bindings = bindings;
    this.names = Names.of(kind);
  }

  @Override
  public String name() {
    return names.area;
  }

  @Override
  public String about() {
    return names.about;
  }

  @Override
  public List<Operation> operations() {
    Field.Must<Uin> payer =
        must("payer", Types.UIN, "The account that becomes its %s.".formatted(names.payer));
    Form<Binding> binding =
        Form.<Binding>of(names.schema, "A %s and its %s.".formatted(names.bound, names.payer))
            .with("uin", Types.UIN, "The %s.".formatted(names.bound), Binding::uin)
            .with("payer", Types.UIN, "The %s.".formatted(names.payer), Binding::payer)
            .with("createdAt", Types.INSTANT, "Since when.", Binding::createdAt);
    String path = "/accounts/{uin}/" + names.path;
    return List.of(
        Operation.put(names.area + ".bind", path, "Gives an account its %s.".formatted(names.payer))
            .path(UIN)
            .body(payer)
            .example("{\"payer\": \"100000000001\"}")
            .refuses(
                NO_SUCH_ACCOUNT,
                UNKNOWN_ACCOUNT,
                ITS_OWN,
                OTHER_CELL,
                OTHER_EDITION,
                BOUND_ALREADY,
                IN_THE_WAY)
            .answers(binding)
            .by(call ->
                Answers.done(
                    bindings.bind(call.operator(), kind, call.get(UIN), call.get(payer)),
                    why -> spelt(why, call.get(UIN)))),
        Operation.get(
                names.area + ".get", path, "Shows the %s of an account.".formatted(names.payer))
            .path(UIN)
            .refuses(NOT_BOUND)
            .answers(binding)
            .by(call -> Answers.found(bindings.of(kind, call.get(UIN)), NOT_BOUND, call.get(UIN))),
        Operation.delete(names.area + ".unbind", path, "Takes the %s away.".formatted(names.payer))
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT, NOT_BOUND)
            .answers(binding)
            .by(call ->
                Answers.done(
                    bindings.unbind(call.operator(), kind, call.get(UIN)),
                    why -> spelt(why, call.get(UIN)))),
        Operation.get(
                names.area + "." + names.bounds,
                "/accounts/{uin}/" + names.bounds,
                "Lists the %s of a %s.".formatted(names.bounds, names.payer))
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(binding, Cursor.UIN, Binding::uin, "uin", "payer", "createdAt")
            .by((call, part) -> {
              Uin uin = AccountsArea.existing(accounts, call).owner().uin();
              return bindings.boundTo(kind, uin, part.after(), part.limit());
            }));
  }

  /// @param named by the path
  private static Refused spelt(BindingRefused why, Uin named) {
    return switch (why) {
      case BindingRefused.NoSuchAccount(Uin uin) ->
          uin.equals(named) ? NO_SUCH_ACCOUNT.with(uin) : UNKNOWN_ACCOUNT.with(uin).at("payer");
      case BindingRefused.ItsOwn(Uin uin) -> ITS_OWN.with(uin).at("payer");
      case BindingRefused.OtherCell(Uin one, Uin other) -> OTHER_CELL.with(one, other).at("payer");
      case BindingRefused.OtherEdition(Edition one, Edition other) ->
          OTHER_EDITION.with(one.code(), other.code()).at("payer");
      case BindingRefused.BoundAlready(Uin uin, Uin to) -> BOUND_ALREADY.with(uin, to);
      case BindingRefused.InTheWay(Uin uin, String because) -> IN_THE_WAY.with(uin, because);
      case BindingRefused.NotBound(Uin uin) -> NOT_BOUND.with(uin);
    };
  }
}
