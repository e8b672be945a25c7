package io.yunfu.server.api.admin;

import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Where a list goes on, as a text that clients hand back and need not understand. It holds the
/// position of the last item and nothing else: who changes one sees another part of a list that is
/// open to them anyway.
record Cursor<P>(Function<P, String> text, Function<String, P> position) {
  static final Cursor<Uin> UIN = number().as(Uin::new, Uin::value);

  static Cursor<String> texts() {
    return new Cursor<>(Function.identity(), Function.identity());
  }

  static Cursor<Long> number() {
    return new Cursor<>(number -> Long.toString(number), Long::parseLong);
  }

  /// A time, and what tells apart what has the same.
  static <P> Cursor<P> timeAnd(
      Function<P, Instant> time, Function<P, String> id, BiFunction<Instant, String, P> make) {
    return new Cursor<>(
        position -> time.apply(position) + " " + id.apply(position),
        text -> {
          int space = text.indexOf(' ');
          if (space < 0) {
            throw new IllegalArgumentException("a cursor without a space");
          }
          Instant at = Instant.parse(text.substring(0, space));
          if (at.isBefore(AuditLog.BEGINNING) || at.isAfter(AuditLog.END)) {
            throw new IllegalArgumentException("a cursor out of all times");
          }
          return make.apply(at, text.substring(space + 1));
        });
  }

  /// The same where a number tells them apart.
  static <P> Cursor<P> timeAndNumber(
      Function<P, Instant> time, Function<P, Long> number, BiFunction<Instant, Long, P> make) {
    return timeAnd(
        time,
        position -> Long.toString(number.apply(position)),
        (at, text) -> make.apply(at, Long.parseLong(text)));
  }

  <Q> Cursor<Q> as(Function<P, Q> of, Function<Q, P> back) {
    return new Cursor<>(
        other -> text.apply(back.apply(other)), read -> of.apply(position.apply(read)));
  }

  String write(P at) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.apply(at).getBytes(StandardCharsets.UTF_8));
  }

  /// Empty for what is no cursor of this kind.
  Optional<P> read(String cursor) {
    try {
      String read = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      return read.indexOf('\0') < 0 ? Optional.of(position.apply(read)) : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
