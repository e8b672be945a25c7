package io.yunfu.server.api.admin;

import io.yunfu.operator.Operator;
import java.util.Optional;

/// A request that has passed all checks of its form: a handler begins here.
///
/// @param operator who asks, in which request
/// @param key of a repeatable operation, from `Idempotency-Key`
record Call(Operator operator, Optional<String> key, Given given) {
  <T> T get(Field.Must<T> field) {
    return given.get(field);
  }

  <T> Optional<T> get(Field.May<T> field) {
    return given.get(field);
  }

  boolean has(Field<?> field) {
    return given.has(field);
  }

  Refused wrong(Field<?> field, String english, String chinese) {
    return given.wrong(field, new Text(english, chinese));
  }
}
