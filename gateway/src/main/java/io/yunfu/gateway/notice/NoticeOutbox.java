package io.yunfu.gateway.notice;

import io.yunfu.db.Transaction;
import io.yunfu.kernel.IdSource;
import java.time.Instant;

/// The door to the outbox for whoever changes something that a merchant is to hear of: inside the
/// same transaction, once per event, however often it is asked for.
public final class NoticeOutbox {
  private final NoticeStore store = new NoticeStore();

  /// A payment has arrived.
  public void paid(Transaction tx, IdSource ids, long payment, long merchant, Instant now) {
    store.queuePayment(tx, ids.next(), payment, merchant, now);
  }

  /// A refund has reached its payer.
  public void refunded(
      Transaction tx, IdSource ids, long payment, long refund, long merchant, Instant now) {
    store.queueRefund(tx, ids.next(), payment, refund, merchant, now);
  }
}
