package io.yunfu.acceptance;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Everything that was secret during this run, so that the last test can look for it in what the
/// programs have printed.
final class Secrets {
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();
  private static final Set<String> OF_CHANNELS = ConcurrentHashMap.newKeySet();

  private Secrets() {}

  static void remember(String secret) {
    if (!secret.isEmpty()) {
      ALL.add(secret);
    }
  }

  /// What the simulated channels know a merchant or a payer by. Who stands in for them prints it;
  /// nobody else does.
  static void rememberOfChannels(String secret) {
    if (!secret.isEmpty()) {
      OF_CHANNELS.add(secret);
    }
  }

  static Set<String> all() {
    return Set.copyOf(ALL);
  }

  static Set<String> ofChannels() {
    return Set.copyOf(OF_CHANNELS);
  }
}
