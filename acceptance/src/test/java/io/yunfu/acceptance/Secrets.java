package io.yunfu.acceptance;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Everything that was secret during this run, so that the last test can look for it in what the
/// programs have printed.
final class Secrets {
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();

  private Secrets() {}

  static void remember(String secret) {
    if (!secret.isEmpty()) {
      ALL.add(secret);
    }
  }

  static Set<String> all() {
    return Set.copyOf(ALL);
  }
}
