package io.yunfu.operator;

import io.yunfu.db.Transaction;
import java.util.Optional;

/// The proof of the right master key: table `master_key_check` of the directory.
final class MasterKeyStore {
  private static final String FIND = "select nonce, ciphertext from master_key_check";

  private static final String INSERT =
      "insert into master_key_check (nonce, ciphertext) values (?, ?) on conflict do nothing";

  Optional<MasterKey.Sealed> find(Transaction tx) {
    return tx.queryOne(
        FIND, row -> new MasterKey.Sealed(row.bytes("nonce"), row.bytes("ciphertext")));
  }

  void insertIfNone(Transaction tx, MasterKey.Sealed sealed) {
    tx.update(INSERT, sealed.nonce(), sealed.ciphertext());
  }
}
