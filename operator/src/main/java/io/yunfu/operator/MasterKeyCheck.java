package io.yunfu.operator;

import io.yunfu.db.Database;

/// Holds a node's master key against the installation's at start, so that a wrong one is noticed
/// before it has encrypted anything.
public final class MasterKeyCheck {
  private static final String OWNER = "master-key-check";
  private static final String TEXT = "yunfu";

  private final MasterKeyStore store = new MasterKeyStore();

  /// The first node of a new installation writes the proof; all others must open it. Two that start
  /// together may both write: the first row stays, and both read that one.
  ///
  /// @throws MasterKey.DoesNotFit when this is not the key that the installation began with
  public void verify(Database directory, MasterKey key) {
    var sealed =
        directory.inTransaction(tx -> {
          var there = store.find(tx);
          if (there.isEmpty()) {
            store.insertIfNone(tx, key.seal(OWNER, TEXT));
            there = store.find(tx);
          }
          return there.orElseThrow();
        });
    try {
      key.open(OWNER, sealed);
    } catch (MasterKey.DoesNotFit e) {
      throw new MasterKey.DoesNotFit(
          "This is not the master key that the secrets in this database were encrypted with. Give"
              + " the node the same key as at its first start, and as all other nodes have.",
          e);
    }
  }
}
