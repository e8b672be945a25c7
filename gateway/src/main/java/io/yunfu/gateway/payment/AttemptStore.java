package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;

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
      select attempt_id, payment_id, refund_id, operation, fingerprint, sign_type, account, 'sent', sent_at, deadline
        from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::text[],
                    ?::timestamptz[], ?::timestamptz[])
             as q (attempt_id, payment_id, refund_id, operation, fingerprint, sign_type, account, sent_at, deadline)
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

  /// Before the first byte leaves.
  void begin(Transaction tx, Question question) {
    var pipeline = tx.pipeline();
    begin(pipeline, List.of(question));
    pipeline.run();
  }

  /// The same, of many.
  void begin(Pipeline pipeline, List<Question> questions) {
    if (questions.isEmpty()) {
      return;
    }
    pipeline.add(
        BEGIN,
        questions.stream().mapToLong(Question::id).toArray(),
        questions.stream().mapToLong(Question::payment).toArray(),
        questions.stream().map(Question::refund).toArray(Long[]::new),
        questions.stream().map(Question::operation).toArray(String[]::new),
        questions.stream().map(Question::fingerprint).toArray(byte[][]::new),
        questions.stream().map(Question::signType).toArray(String[]::new),
        questions.stream().map(Question::account).toArray(String[]::new),
        questions.stream().map(Question::at).toArray(Instant[]::new),
        questions.stream().map(Question::deadline).toArray(Instant[]::new));
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
    var answers = all.stream().map(Ended::answer).toList();
    var evidence = answers.stream().map(Answer::evidence).toList();
    boolean[] verified = new boolean[size];
    for (int i = 0; i < size; i++) {
      verified[i] = evidence.get(i).verified();
    }
    var ended =
        pipeline.update(
            END,
            all.stream().mapToLong(Ended::question).toArray(),
            answers.stream().map(AttemptStore::state).toArray(String[]::new),
            all.stream().map(Ended::at).toArray(Instant[]::new),
            evidence.stream().map(Evidence::host).toArray(String[]::new),
            evidence.stream().mapToInt(Evidence::httpStatus).toArray(),
            verified,
            evidence.stream().mapToInt(Evidence::tries).toArray(),
            evidence.stream().mapToInt(AttemptStore::tookMillis).toArray(),
            answers.stream().map(AttemptStore::code).toArray(String[]::new),
            evidence.stream().map(Evidence::answer).toArray(String[]::new));
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
