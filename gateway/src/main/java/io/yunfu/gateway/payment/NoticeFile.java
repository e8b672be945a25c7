package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.payment.KeptNotice.Verdict;
import io.yunfu.operator.MasterKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Keeps what channels report, as it came, sealed: it says who the payer is. Source: `channels.md`
/// sections 2.13, 9 (S10, S17).
final class NoticeFile {
  /// So many that were rejected are kept of one payment: whoever knows its address can send more,
  /// and the first ones tell what is wrong.
  static final int MOST_REJECTED = 8;

  /// As long as Alipay's `notify_id` may be. Source: section 4.10.
  private static final int LONGEST_KEY = 128;

  private final MasterKey masterKey;
  private final ChannelNoticeStore store = new ChannelNoticeStore();

  NoticeFile(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /// A notice that is ready to be kept.
  ///
  /// @param key see [KeptNotice.Position]
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fresh(
      long payment,
      String key,
      ChannelNotice.Kind kind,
      Verdict verdict,
      String why,
      Instant heardAt,
      byte[] sha256,
      MasterKey.Sealed sealed) {}

  /// What is made of a notice.
  ///
  /// @param key see [KeptNotice.Position]
  /// @param why it is ignored; else empty
  record Made(Verdict verdict, String key, String why) {}

  /// Makes a notice ready, before a transaction would have to wait for it.
  Fresh fresh(NoticeAddress address, Made made, Instant heardAt, byte[] body) {
    long payment = address.payment();
    String key = made.key();
    return new Fresh(
        payment,
        key.length() <= LONGEST_KEY ? key : hex(sha256(key.getBytes(UTF_8))),
        address.kind(),
        made.verdict(),
        made.why(),
        heardAt,
        sha256(body),
        keyOf(payment).seal(owner(payment), body));
  }

  /// Keeps a notice, in the transaction of what follows from it.
  ///
  /// @return false when it is there: it was heard before
  boolean keep(Transaction tx, Fresh notice) {
    return store.insert(tx, notice);
  }

  /// Keeps that a notice was rejected, but not what it says: anybody may have written it. Nothing
  /// when the same is there, or there are enough.
  void reject(Transaction tx, NoticeAddress address, String why, Instant heardAt, byte[] body) {
    byte[] digest = sha256(body);
    store.reject(tx, address.payment(), address.kind(), why, heardAt, digest, MOST_REJECTED);
  }

  /// Notices about a payment, the newest first.
  ///
  /// @param masked how a person reads a body
  List<KeptNotice> list(
      Transaction tx,
      long payment,
      KeptNotice.Position after,
      int limit,
      Function<byte[], String> masked) {
    MasterKey key = keyOf(payment);
    return store.list(
        tx, payment, after, limit, sealed -> open(key, payment, sealed).map(masked).orElse(""));
  }

  /// Empty after an earlier master key was lost.
  private static Optional<byte[]> open(MasterKey key, long payment, MasterKey.Sealed sealed) {
    try {
      return Optional.of(key.openBytes(owner(payment), sealed));
    } catch (MasterKey.DoesNotFit e) {
      return Optional.empty();
    }
  }

  /// Deletes old ones, as far as nobody else does just now.
  ///
  /// @return how many that were
  int forget(Transaction tx, Instant before, int most) {
    return store.forget(tx, before, most);
  }

  /// One for each payment: notices are too many for the nonces of one key.
  private MasterKey keyOf(long payment) {
    return MasterKey.of(masterKey.derive(owner(payment)));
  }

  private static String owner(long payment) {
    return "channel-notice/" + payment;
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
