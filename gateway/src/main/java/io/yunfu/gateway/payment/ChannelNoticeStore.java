package io.yunfu.gateway.payment;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.payment.KeptNotice.Verdict;
import io.yunfu.operator.MasterKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Notices of channels at rest: table `channel_notice`.
final class ChannelNoticeStore {
  private static final String INSERT =
      """
      insert into channel_notice (payment_id, notice_key, kind, verdict, why, heard_at, sha256, nonce, ciphertext)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (payment_id, notice_key) do nothing
      """;

  /// Two at the same time want the same place, and one of them goes without.
  private static final String REJECT =
      """
      insert into channel_notice (payment_id, notice_key, kind, verdict, why, heard_at, sha256)
      select ?, 'rejected/' || count(*), ?, 'rejected', ?, ?, ?
        from channel_notice
       where payment_id = ? and verdict = 'rejected'
      having count(*) < ? and count(*) filter (where sha256 = ?) = 0
      on conflict (payment_id, notice_key) do nothing
      """;

  private static final String LIST =
      """
      select notice_key, kind, verdict, why, heard_at, sha256, nonce, ciphertext
        from channel_notice
       where payment_id = ? and (heard_at, notice_key) < (?, ?)
       order by heard_at desc, notice_key desc limit ?
      """;

  private static final String FORGET =
      """
      delete from channel_notice
       where (payment_id, notice_key) in (select payment_id, notice_key from channel_notice where heard_at < ?
                                           order by heard_at limit ? for update skip locked)
      """;

  boolean insert(Transaction tx, NoticeFile.Fresh notice) {
    return tx.update(
            INSERT,
            notice.payment(),
            notice.key(),
            code(notice.kind()),
            notice.verdict().code(),
            notice.why(),
            notice.heardAt(),
            notice.sha256(),
            notice.sealed().nonce(),
            notice.sealed().ciphertext())
        == 1;
  }

  void reject(
      Transaction tx,
      long payment,
      ChannelNotice.Kind kind,
      String why,
      Instant heardAt,
      byte[] sha256,
      int most) {
    tx.update(REJECT, payment, code(kind), why, heardAt, sha256, payment, most, sha256);
  }

  List<KeptNotice> list(
      Transaction tx,
      long payment,
      KeptNotice.Position after,
      int limit,
      Function<MasterKey.Sealed, String> opened) {
    return tx.query(LIST, row -> notice(row, opened), payment, after.heardAt(), after.key(), limit);
  }

  int forget(Transaction tx, Instant before, int most) {
    return tx.update(FORGET, before, most);
  }

  private static KeptNotice notice(Row row, Function<MasterKey.Sealed, String> opened) {
    byte @Nullable [] ciphertext = row.bytesOrNull("ciphertext");
    return new KeptNotice(
        new KeptNotice.Position(row.instant("heard_at"), row.text("notice_key")),
        ChannelNotice.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        Verdict.parse(row.text("verdict")),
        row.text("why"),
        NoticeFile.hex(row.bytes("sha256")),
        ciphertext == null
            ? ""
            : opened.apply(new MasterKey.Sealed(row.bytes("nonce"), ciphertext)));
  }

  private static String code(ChannelNotice.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
