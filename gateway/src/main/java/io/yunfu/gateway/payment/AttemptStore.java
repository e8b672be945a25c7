package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Columns;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was asked of the channels at rest: table `channel_attempt`. Source: `channels.md` section
/// 1.3.
final class AttemptStore {
  private static final String BEGIN =
      """
      insert into channel_attempt (attempt_id, payment_id, refund_id, operation, fingerprint, sign_type, account, state,
                                   sent_at, deadline)
      values (?, ?, ?, ?, ?, ?, ?, 'sent', ?, ?)
      """;
  private static final String END =
      """
      update channel_attempt c
         set state = a.state, ended_at = a.ended_at, host = a.host, http_status = a.http_status, verified = a.verified,
             tries = a.tries, took_ms = a.took_ms, code = a.code, answer = a.answer
        from unnest(?::bigint[], ?::text[], ?::timestamptz[], ?::text[], ?::int[], ?::boolean[], ?::int[], ?::int[],
                    ?::text[], ?::text[])
             as a (attempt_id, state, ended_at, host, http_status, verified, tries, took_ms, code, answer)
       where c.attempt_id = a.attempt_id
      """;
  private static final String IS_ENDED =
      "select ended_at is not null as ended from channel_attempt where attempt_id = ?";
  private static final String LIST =
      """
      select attempt_id, refund_id, operation, account, state, sent_at, deadline, ended_at, host, http_status, verified,
             tries, took_ms, code, answer
        from channel_attempt
       where payment_id = ? and attempt_id < ?
       order by attempt_id desc limit ?
      """;

  /// What is asked about an order, or about a refund of it.
  ///
  /// Channel and number stand in the rows that it names.
  ///
  /// @param signType the code of what the request is signed with; null where there is no choice
  /// @param account in whose name it is asked: [ChannelAccount#named]
  /// @param deadline by when the call is over, counted from its being written down
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(
      long id,
      long payment,
      @Nullable Long refund,
      String operation,
      byte[] fingerprint,
      @Nullable String signType,
      String account,
      Instant at,
      Instant deadline) {}

  /// What came of a question.
  ///
  /// @param question its id
  record Ended(long question, Answer<?> answer, Instant at) {}

  /// Before the first byte leaves. That of a new order is written with it: [PaymentStore#begin].
  void begin(Transaction tx, Question question) {
    tx.update(
        BEGIN,
        question.id(),
        question.payment(),
        question.refund(),
        question.operation(),
        question.fingerprint(),
        question.signType(),
        question.account(),
        question.at(),
        question.deadline());
  }

  /// What came of it.
  void end(Transaction tx, Ended one) {
    var pipeline = tx.pipeline();
    var ended = end(pipeline, List.of(one));
    pipeline.run();
    ended.run();
  }

  /// The same, of many.
  ///
  /// @return to be run after the pipeline
  Runnable end(Pipeline pipeline, List<Ended> all) {
    if (all.isEmpty()) {
      return () -> {};
    }
    int size = all.size();
    var columns = new Columns<>(all);
    var evidence = new Columns<>(all.stream().map(one -> one.answer().evidence()).toList());
    var ended =
        pipeline.update(
            END,
            columns.longs(Ended::question),
            columns.texts(one -> state(one.answer())),
            columns.times(Ended::at),
            evidence.texts(Evidence::host),
            evidence.ints(Evidence::httpStatus),
            evidence.booleans(Evidence::verified),
            evidence.ints(Evidence::tries),
            evidence.ints(AttemptStore::tookMillis),
            columns.texts(one -> code(one.answer())),
            evidence.texts(Evidence::answer));
    return () -> ensure(ended.count() == size, "%d of %d questions are there", ended.count(), size);
  }

  boolean isEnded(Transaction tx, long id) {
    return tx.queryOne(IS_ENDED, row -> row.bool("ended"), id).orElse(false);
  }

  /// The newest first.
  List<ChannelAttempt> list(Transaction tx, long payment, long before, int limit) {
    return tx.query(
        LIST,
        row ->
            new ChannelAttempt(
                row.longAt("attempt_id"),
                Optional.ofNullable(row.longOrNull("refund_id")),
                row.text("operation"),
                row.text("account"),
                row.text("state"),
                row.instant("sent_at"),
                Optional.ofNullable(row.instantOrNull("deadline")),
                Optional.ofNullable(row.instantOrNull("ended_at")),
                row.text("host"),
                row.intAt("http_status"),
                row.bool("verified"),
                row.intAt("tries"),
                row.intAt("took_ms"),
                row.text("code"),
                row.text("answer")),
        payment,
        before,
        limit);
  }

  private static int tookMillis(Evidence evidence) {
    return (int) Math.min(Integer.MAX_VALUE, evidence.took().toMillis());
  }

  private static String state(Answer<?> answer) {
    return switch (answer) {
      case Answer.Done<?> done -> "done";
      case Answer.Refused<?> refused -> "refused";
      case Answer.Unknown<?> unknown -> "unknown";
      case Answer.NotSent<?> notSent -> "not_sent";
    };
  }

  private static String code(Answer<?> answer) {
    return switch (answer) {
      case Answer.Done<?> done -> "";
      case Answer.Refused<?> refused -> refused.code();
      case Answer.Unknown<?> unknown -> unknown.code();
      case Answer.NotSent<?> notSent -> "";
    };
  }
}
