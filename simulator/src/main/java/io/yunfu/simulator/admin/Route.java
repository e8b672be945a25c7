package io.yunfu.simulator.admin;

import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of the admin API.
///
/// @param pattern such as `/_sim/orders/{number}`; a part in braces stands for any text
record Route(String method, String pattern, Action action) {

  @FunctionalInterface
  interface Action {
    Reply run(Inbound inbound, List<String> parts) throws InterruptedException;
  }

  /// What stands for the parts in braces, if this path is of the pattern.
  Optional<List<String>> match(String path) {
    String[] expected = pattern.split("/", -1);
    String[] actual = path.split("/", -1);
    if (expected.length != actual.length) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      if (expected[i].startsWith("{")) {
        parts.add(actual[i]);
      } else if (!expected[i].equals(actual[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parts);
  }
}
