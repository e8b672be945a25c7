package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.operator.AdminTokens;
import java.util.List;

/// The tokens that open this API, one for each operator or program.
final class TokensArea implements Area {
  private static final ErrorCode NO_SUCH_TOKEN =
      ErrorCode.of(
          404,
          "NoSuchToken",
          "There is no token {0} that still opens anything.",
          "没有名为 {0} 的有效令牌。");
  private static final ErrorCode NAME_TAKEN =
      ErrorCode.of(409, "NameTaken", "There is a token {0} already.", "令牌 {0} 已存在。");
  private static final ErrorCode LAST_TOKEN =
      ErrorCode.of(
          409,
          "LastToken",
          "{0} is the last token; without it nobody could make a new one.",
          "{0} 是最后一个令牌;吊销后将无法创建新令牌。");

  private static final Scalar<String> NAME =
      Types.matching(
          AdminTokens.NAME,
          "1 to 63 letters, digits or . _ @ -, beginning with a letter or a digit",
          "1 到 63 个字母、数字或 . _ @ -,以字母或数字开头");

  private record Made(String name, String token) {}

  private static final Form<Made> MADE =
      Form.<Made>of("NewToken", "A token, which cannot be had again.")
          .with("name", NAME, "Its name.", Made::name)
          .with("token", Types.text(300), "What goes after `Bearer`. Keep it.", Made::token);

  private static final Form<AdminTokens.Token> TOKEN =
      Form.<AdminTokens.Token>of("Token", "A token without the token.")
          .with("name", NAME, "Its name, which the audit log writes down.", AdminTokens.Token::name)
          .with(
              "active",
              Types.FLAG,
              "Whether it opens anything.",
              token -> token.revokedAt().isEmpty())
          .with("createdAt", Types.INSTANT, "When it was made.", AdminTokens.Token::createdAt)
          .maybe(
              "revokedAt",
              Types.INSTANT,
              "Since when it opens nothing.",
              AdminTokens.Token::revokedAt);

  private static final Form<String> REVOKED =
      Form.<String>of("RevokedToken", "A token that opens nothing any more.")
          .with("name", NAME, "Its name, which is free again.", name -> name);

  private static final Field.Must<String> NEW_NAME =
      must("name", NAME, "Whose it is: the audit log writes it down.");
  private static final Field.Must<String> TOKEN_NAME =
      must("token", NAME, "The name of the token.");
  private static final Field.May<Boolean> ACTIVE_IS =
      may("active", Types.FLAG, "True: only those that open this API. False: only revoked ones.");

  private static final Cursor<AdminTokens.Position> CURSOR =
      Cursor.timeAnd(
          AdminTokens.Position::createdAt, AdminTokens.Position::name, AdminTokens.Position::new);

  private final AdminTokens tokens;

  TokensArea(AdminTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "tokens";
  }

  @Override
  public String about() {
    return "Tokens of this API.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("tokens.create", "/tokens", "Makes a token of this API.")
            .about("The token is in this answer alone: it is stored as a hash.")
            .body(NEW_NAME)
            .example("{\"name\": \"ann\"}")
            .refuses(NAME_TAKEN)
            .creates(MADE)
            .by(call -> {
              String name = call.get(NEW_NAME);
              return new Made(
                  name, Answers.done(tokens.create(call.operator(), name), TokensArea::spelt));
            }),
        Operation.get("tokens.list", "/tokens", "Lists the tokens of this API, newest first.")
            .about("The one of the configuration is not among them.")
            .query(ACTIVE_IS)
            .pages(
                TOKEN, CURSOR, AdminTokens.Position::of, "name", "active", "createdAt", "revokedAt")
            .by((call, part) -> tokens.list(call.get(ACTIVE_IS), part.after(), part.limit())),
        Operation.post(
                "tokens.revoke",
                "/tokens/{token}/revoke",
                "Ends a token: from now on it opens nothing.")
            .path(TOKEN_NAME)
            .refuses(NO_SUCH_TOKEN, LAST_TOKEN)
            .answers(REVOKED)
            .by(call ->
                Answers.done(
                    tokens.revoke(call.operator(), call.get(TOKEN_NAME)), TokensArea::spelt)));
  }

  private static Refused spelt(AdminTokens.Refused why) {
    return switch (why) {
      case AdminTokens.Refused.NoSuchToken(String name) -> NO_SUCH_TOKEN.with(name);
      case AdminTokens.Refused.NameTaken(String name) -> NAME_TAKEN.with(name).at(NEW_NAME.name());
      case AdminTokens.Refused.LastToken(String name) -> LAST_TOKEN.with(name);
    };
  }
}
