package io.yunfu.wire.cpay;

import java.util.Optional;

/// What a receiver answers to a notification with HTTP status 200, where the older contract holds:
/// an envelope with a status of its own (OP-7).
public final class NoticeAnswer {
  private NoticeAnswer() {}

  /// Whether it says that the notification was not taken. What is no envelope says nothing.
  public static boolean refuses(byte[] answer) {
    return Optional.ofNullable(Texts.utf8(answer))
        .flatMap(Json::parse)
        .flatMap(outer -> member(outer, "response_content"))
        .flatMap(content ->
            content instanceof Json.Text(String text) ? Json.parse(text) : Optional.empty())
        .flatMap(inner -> member(inner, "status"))
        .filter(status -> !isZero(status))
        .isPresent();
  }

  private static Optional<Json> member(Json value, String name) {
    return value instanceof Json.Fields(var members)
        ? Optional.ofNullable(members.get(name))
        : Optional.empty();
  }

  private static boolean isZero(Json status) {
    return switch (status) {
      case Json.Numeral(String literal) -> literal.equals("0");
      case Json.Text(String text) -> Texts.trimmed(text).equals("0");
      case Json.Flag _, Json.Items _, Json.Fields _, Json.Nothing _ -> false;
    };
  }
}
