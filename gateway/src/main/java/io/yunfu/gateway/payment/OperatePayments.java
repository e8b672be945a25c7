package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.kernel.IdSource;
import io.yunfu.kernel.Money;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What the operator does with payments: asks the channel now, closes what nobody shall pay, gives
/// money back. Each is audited; what moves money, in the transaction that writes it down.
public final class OperatePayments {
  /// Where the operator's machine must be named and is not known.
  private static final String HERE = "127.0.0.1";

  private final Cells cells;
  private final Merchants merchants;
  private final Payments payments;
  private final InstantSource clock;
  private final CaseStore cases = new CaseStore();
  private final AuditLog audit = new AuditLog();

  public OperatePayments(Cells cells, Merchants merchants, Payments payments, InstantSource clock) {
    this.cells = cells;
    this.merchants = merchants;
    this.payments = payments;
    this.clock = clock;
  }

  /// An order after the channel was asked.
  ///
  /// @param answered false: the channel was silent, and this is what was known before
  public record Looked(PaymentOrder order, boolean answered) {}

  /// Asks the channel about an order and its refunds that are under way, whatever its state, and
  /// writes down what follows: a closed order that was paid all the same, say.
  ///
  /// @return empty when there is no such order
  public Optional<Looked> look(Operator operator, long id) {
    return payments
        .find(id)
        .map(order -> {
          Cell cell = cells.get(IdSource.cellOf(id));
          Merchant merchant = merchant(order);
          audit(cell, operator, "payment.look", order, Detail.none());
          boolean answered = !payments.follow().ask(cell, merchant, order).silent();
          payments.refunds().find(merchant, Optional.of(order.outTradeNo()), Optional.empty());
          return new Looked(payments.find(id).orElseThrow(), answered);
        });
  }

  /// Closes an order that is not paid. Repeated, it answers the same.
  public FollowOrder.CloseOutcome close(Operator operator, long id) {
    var order = payments.find(id);
    if (order.isEmpty()) {
      return new FollowOrder.CloseOutcome.NoSuchOrder();
    }
    audit(cells.get(IdSource.cellOf(id)), operator, "payment.close", order.get(), Detail.none());
    return payments.follow().close(merchant(order.get()), order.get().outTradeNo());
  }

  /// A refund that the operator wants.
  ///
  /// @param reason as the payer reads it; may be empty
  /// @param key lets the command be repeated
  public record RefundCommand(long payment, Money amount, String reason, Optional<String> key) {}

  /// Gives money back to a payer, of a sale: a top-up was spent from a balance.
  public Refunds.Outcome refund(Operator operator, RefundCommand command) {
    var found = payments.find(command.payment());
    if (found.isEmpty()) {
      return new Refunds.Outcome.NoSuchOrder();
    }
    PaymentOrder order = found.get();
    Cell cell = cells.get(IdSource.cellOf(order.id()));
    String number = OperatorNumbers.of("O", "refund/" + order.id(), command.key(), cell.ids());
    var details =
        new RefundDetails(
            command.reason(), Optional.empty(), Optional.empty(), terminal(HERE), "", false);
    return payments
        .refunds()
        .refund(
            new Refunds.Command(
                merchant(order),
                order.outTradeNo(),
                number,
                order.total(),
                command.amount(),
                details),
            tx -> {
              Instant now = clock.instant();
              var detail =
                  Detail.of("amount", command.amount())
                      .and("refund", number)
                      .and("reason", command.reason());
              audit.write(tx, cell.ids(), now, operator, "payment.refund", subject(order), detail);
            });
  }

  /// What came of settling a refund.
  public sealed interface SettleOutcome {
    record Settled(Refund refund) implements SettleOutcome {}

    record NoSuchRefund() implements SettleOutcome {}

    /// The channel still says what becomes of it, or has said so.
    record NotForPeople(Refund refund) implements SettleOutcome {}
  }

  /// Says what became of a refund that the channel does not know, or that the payer's bank sent
  /// back, and closes its cases. What was said is not said anew.
  ///
  /// @param arrived true: the payer has the money, and the books show it as refunded; false: the
  ///   payer has not, and the amount may be refunded under another number
  public SettleOutcome settleRefund(Operator operator, long id, boolean arrived, String remark) {
    var found = payments.findRefund(id);
    if (found.isEmpty()) {
      return new SettleOutcome.NoSuchRefund();
    }
    Cell cell = cells.get(IdSource.cellOf(id));
    PaymentOrder order = payments.find(found.get().payment()).orElseThrow();
    Merchant merchant = merchant(order);
    return cell.database()
        .inTransaction(tx -> {
          Instant now = clock.instant();
          String by = operator.actor();
          var settled = payments.refunds().settle(tx, cell, merchant, id, arrived, by, now);
          if (settled.isEmpty()) {
            return new SettleOutcome.NotForPeople(found.get());
          }
          cases.closeOfRefund(tx, id, by, remark, now);
          var detail =
              Detail.of("refund", settled.get().outRefundNo())
                  .and("arrived", arrived)
                  .and("remark", remark);
          String subject = "payment-refund/" + id;
          audit.write(tx, cell.ids(), now, operator, "payment-refund.settle", subject, detail);
          return new SettleOutcome.Settled(settled.get());
        });
  }

  /// A terminal of which nothing is known but its address.
  public static OrderDetails.Terminal terminal(String address) {
    return new OrderDetails.Terminal(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        address,
        Optional.empty());
  }

  /// How the audit log names an order.
  public static String subject(PaymentOrder order) {
    return "payment/" + order.id();
  }

  private Merchant merchant(PaymentOrder order) {
    return merchants
        .byNumber(IdSource.cellOf(order.id()), order.merchant())
        .orElseThrow(() -> new IllegalStateException("order " + order.id() + " has no merchant"));
  }

  private void audit(
      Cell cell, Operator operator, String action, PaymentOrder order, Detail detail) {
    cell.database()
        .execute(tx ->
            audit.write(tx, cell.ids(), clock.instant(), operator, action, subject(order), detail));
  }
}
