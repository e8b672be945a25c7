package io.yunfu.bench;

import io.yunfu.operator.MasterKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/// The API keys of the accounts, by position: what their clients sign with.
final class Keys {
  private final List<String> secretIds = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();

  /// Makes a key for each account.
  Keys(long firstUin, int accounts, RandomGenerator random) {
    byte[] bytes = new byte[24];
    for (int i = 0; i < accounts; i++) {
      random.nextBytes(bytes);
      secretIds.add("AKIDbench" + (firstUin + i));
      secrets.add(Base64.getUrlEncoder().encodeToString(bytes));
    }
  }

  List<String> secretIds() {
    return secretIds;
  }

  /// Each id with its secret, in clear.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < secrets.size(); i++) {
      lines.add(secretIds.get(i) + " " + secrets.get(i));
    }
    return lines;
  }

  /// The secrets as the database keeps them.
  List<MasterKey.Sealed> sealed(MasterKey key) {
    List<MasterKey.Sealed> sealed = new ArrayList<>();
    for (int i = 0; i < secrets.size(); i++) {
      sealed.add(key.seal(secretIds.get(i), secrets.get(i)));
    }
    return sealed;
  }

  /// Clients of a server, by position.
  ///
  /// @param host as sent in the `Host` header
  List<Client> clientsOf(String host) {
    var target = new Client.Target(host);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < secrets.size(); i++) {
      clients.add(new Client(target, secretIds.get(i), secrets.get(i)));
    }
    return clients;
  }
}
