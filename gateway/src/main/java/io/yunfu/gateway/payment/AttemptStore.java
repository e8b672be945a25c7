package io.yunfu.gateway.payment;

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
      insert into channel_attempt (attempt_id, payment_id, refund_id, operation, fingerprint, sign_type, state, sent_at)
      values (?, ?, ?, ?, ?, ?, 'sent', ?)
      """;
  private static final String END =
      """
      update channel_attempt
         set state = ?, ended_at = ?, host = ?, http_status = ?, verified = ?, tries = ?, took_ms = ?, code = ?, answer = ?
       where attempt_id = ?
      """;
  private static final String LIST =
      """
      select attempt_id, refund_id, operation, state, sent_at, ended_at, host, http_status, verified, tries, took_ms, code,
             answer
        from channel_attempt
       where payment_id = ? and attempt_id < ?
       order by attempt_id desc limit ?
      """;

  /// Before the first byte leaves.
  void begin(
      Transaction tx,
      long id,
      long payment,
      @Nullable Long refund,
      String operation,
      byte[] fingerprint,
      @Nullable String signType,
      Instant now) {
    tx.update(BEGIN, id, payment, refund, operation, fingerprint, signType, now);
  }

  /// What came of it.
  void end(Transaction tx, long id, Answer<?> answer, Instant now) {
    Evidence evidence = answer.evidence();
    tx.update(
        END,
        state(answer),
        now,
        evidence.host(),
        evidence.httpStatus(),
        evidence.verified(),
        evidence.tries(),
        (int) Math.min(Integer.MAX_VALUE, evidence.took().toMillis()),
        code(answer),
        evidence.answer(),
        id);
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
                row.text("state"),
                row.instant("sent_at"),
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
