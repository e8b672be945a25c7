package io.yunfu.operator;

import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Database;
import io.yunfu.db.Work;
import java.security.MessageDigest;
import java.time.InstantSource;
import tools.jackson.databind.json.JsonMapper;

/// Lets a command be repeated: the first arrival of a key does it, and every later one with the
/// same command gets the first answer. What was refused has changed nothing and is tried again. The
/// answer is written in the transaction of the command, so a lost connection leaves no doubt: the
/// operator sends it again.
public final class Once {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TAKEN = "idempotency_pkey";

  private final IdempotencyStore store = new IdempotencyStore();
  private final InstantSource clock;

  public Once(InstantSource clock) {
    this.clock = clock;
  }

  /// Runs the work in a transaction, unless its key was seen.
  ///
  /// @param type of the answer: a record that can be written as JSON and read back; no secrets
  /// @param reused the refusal for a key that came with another command before
  public <T, R> Outcome<T, R> run(
      Database database, Repeatable repeatable, Class<T> type, R reused, Work<Outcome<T, R>> work) {
    try {
      return attempt(database, repeatable, type, reused, work);
    } catch (ConstraintViolated e) {
      if (!e.constraint().equals(TAKEN)) {
        throw e;
      }
      // Its twin has committed while we were at it: now it is there to be read.
      return attempt(database, repeatable, type, reused, work);
    }
  }

  private <T, R> Outcome<T, R> attempt(
      Database database, Repeatable repeatable, Class<T> type, R reused, Work<Outcome<T, R>> work) {
    if (repeatable.key().isEmpty()) {
      return database.inTransaction(work);
    }
    String key = repeatable.key().get();
    byte[] sha256 = repeatable.sha256();
    return database.inTransaction(tx -> {
      var seen = store.find(tx, repeatable.scope(), key);
      if (seen.isPresent()) {
        return MessageDigest.isEqual(seen.get().sha256(), sha256)
            ? Outcome.done(JSON.readValue(seen.get().response(), type))
            : Outcome.refused(reused);
      }
      var outcome = work.run(tx);
      if (outcome instanceof Outcome.Done<T, R>(T value)) {
        String response = JSON.writeValueAsString(value);
        store.insert(tx, repeatable.scope(), key, sha256, response, clock.instant());
      }
      return outcome;
    });
  }
}
