package io.yunfu.server.api.admin;

import java.util.ArrayList;
import java.util.List;

/// What is wrong with a request, as far as it has been read. All of it is told at once.
final class Mistakes {
  /// A client that gets so many wrong has a mistake of another kind.
  private static final int MOST = 50;

  private final List<Mistake> found = new ArrayList<>();

  void add(String field, Text text) {
    if (found.size() < MOST) {
      found.add(new Mistake(field, text));
    }
  }

  int count() {
    return found.size();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw Refused.mistaken(found);
    }
  }
}
